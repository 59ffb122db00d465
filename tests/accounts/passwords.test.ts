import { findPasswordFault } from '../../src/accounts/credentials/password-rules';
import { hashPassword, isPassword, normalizePassword } from '../../src/accounts/credentials/passwords';

const OWN = ['Ana Belén Márquez', 'ana.marquez@observatorio.example', 'Dossier'];

test.each([
  ['a quiet harbour at four'],
  ['correct horse battery staple'],
  ['correcthorsebatterystaple'],
  ['x7#Kq!v2Lm9z'],
  [' leading and trailing '],
  ['ñandú, añil y cigüeña'],
  ['密码很长的一个句子用来登录吧'],
  ['🦊🦉🐢🐙🦋🐝🦀🐞🦎🐿🦔🐇'],
  ['0123 Main, apartment b'],
  ['482916503917'],
  ['Ana likes long walks at dusk'],
  ['observatorio de nubes'],
  ['x'.repeat(3) + 'y7Qz0 &'.repeat(36)],
])('%j is taken', (password) => {
  expect(findPasswordFault(password, OWN)).toBeNull();
});

test.each<[string, string]>([
  ['', 'short'],
  ['elevenchars', 'short'],
  ['🦊'.repeat(11), 'short'],
  [`${'abcdefghij1 '.repeat(22)}`, 'long'],
])('%j is too %s', (password, fault) => {
  expect(findPasswordFault(password, OWN)).toBe(fault);
});

test.each([
  'password1234',
  'Password1234',
  'passwordpassword',
  'PASSWORD!!!!',
  'password12345!',
  '123password456',
  'P@ssw0rd1234',
  'p4ssw0rdp4ssw0rd',
  'passw0rd2024!!',
  '1234567890123',
  '123456789012',
  '111111111111',
  '000000000000',
  '121212121212',
  '123123123123',
  '12345678910111213'.slice(0, 12) + '3',
  'qwertyuiop123',
  'qwertyqwerty',
  'qwerty123456',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'qazwsxedcrfv',
  'zaq1xsw2cde3',
  'asdfghjkl123',
  'abcdefghijkl',
  'abcdefghijklm',
  'abc123abc123',
  'letmeinletmein',
  'letmein123456',
  'iloveyou1234',
  'iloveyouiloveyou',
  'sunshine2024!',
  'princess12345',
  'football2023!',
  'baseball1234',
  'superman12345',
  'monkey123456',
  'dragon123456',
  'dragonmaster',
  'shadowdragon',
  'welcome12345',
  'welcomewelcome',
  'administrator',
  'trustno1trustno1',
  'aaaaaaaaaaaa',
  'abababababab',
  'michael123456',
  'charlie12345!',
  'chocolate1234',
  'computer2024',
  'needforspeed',
  'finalfantasy',
  'unbelievable',
  'counterstrike',
  'qwertyuiopasdf'.slice(0, 10) + '!!',
  'zyxwvutsrqponm',
  '987654321098',
])('%j is tried first by others, and refused', (password) => {
  expect(findPasswordFault(password, OWN)).toBe('common');
});

test.each([
  'Ana Belén Márquez',
  'anabelénmárquez1',
  'marquezmarquez',
  'Márquez-Márquez-2024',
  'ana.marquez@observatorio.example',
  'observatorio2024',
  'observatorio!!',
  'dossierdossier',
  'Dossier 12345',
  'dossier-marquez',
])("%j is made of words of one's own, and refused", (password) => {
  expect(findPasswordFault(password, OWN)).toBe('own');
});

test('a password is kept as argon2id at the cost that was decided, each time another way', async () => {
  const [one, other] = await Promise.all([
    hashPassword('a quiet harbour at four'),
    hashPassword('a quiet harbour at four'),
  ]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
  expect(await isPassword('a quiet harbour at four', one)).toBe(true);
});

test.each([
  ['composed', 'Ma\u00f1ana ser\u00e1 otro d\u00eda'],
  ['decomposed', 'Man\u0303ana sera\u0301 otro di\u0301a'],
  ['spaces that do not break', 'Ma\u00f1ana\u00a0ser\u00e1\u202fotro\u3000d\u00eda'],
])('a password typed %s is the same password, and no other', (_how, typed) => {
  expect(normalizePassword(typed)).toBe('Ma\u00f1ana ser\u00e1 otro d\u00eda');
  for (const other of [
    '\u00c5ngstr\u00f6m \ufb01eld notes',
    'x\u00b2 + y\u00b2 = z\u00b2',
    '\uff41\uff42\uff43',
    'a\u200db',
    '\t',
    'A \u0130',
  ])
    expect(normalizePassword(other)).toBe(other);
});

test('a password is measured in the form it is kept in', () => {
  expect(findPasswordFault('n\u0303'.repeat(6) + 'e\u0301'.repeat(5), [])).toBe('short');
  expect(findPasswordFault('n\u0303andu\u0301 '.repeat(42), [])).toBeNull();
});

test('every character counts: nothing is cut off, folded or trimmed', async () => {
  const password = `${'é'.repeat(255)}a`;
  const kept = await hashPassword(password);
  expect(await isPassword(password, kept)).toBe(true);
  for (const other of [`${'é'.repeat(255)}b`, 'é'.repeat(255), ` ${password}`, `${password} `, password.toUpperCase()])
    expect(await isPassword(other, kept)).toBe(false);
});

test('without a hash no password is right', async () => {
  for (const password of ['', 'a quiet harbour at four', 'x'.repeat(10_000)])
    expect(await isPassword(password, null)).toBe(false);
});

test('a flood is answered as far as it can be, and sent away beyond', async () => {
  const all = await Promise.allSettled(Array.from({ length: 400 }, () => isPassword('x', null)));
  const away = all.filter((one) => one.status === 'rejected');
  expect(away.length).toBeGreaterThan(100);
  expect(away.length).toBeLessThan(250);
  for (const one of away) expect(one).toMatchObject({ reason: { status: 503 } });
  expect(await isPassword('x', null)).toBe(false);
});

test('while a password is hashed or checked, everything else goes on', async () => {
  /** Rounds of the event loop until the work is done. */
  const roundsOf = async (work: Promise<unknown>): Promise<number> => {
    let rounds = 0;
    let done = false;
    void work.then(() => {
      done = true;
    });
    for (; !done; rounds++) await new Promise((resolve) => setImmediate(resolve));
    return rounds;
  };
  /** The most of a few times: a busy machine may give one of them no turn. */
  const mostOf = async (work: () => Promise<unknown>): Promise<number> => {
    let most = 0;
    for (let time = 0; time < 10 && most <= 20; time++) most = Math.max(most, await roundsOf(work()));
    return most;
  };
  // One that is held up goes round once or twice; a free one goes round thousands of times in that while.
  expect(await mostOf(() => hashPassword('a quiet harbour at four'))).toBeGreaterThan(20);
  expect(await mostOf(() => isPassword('a quiet harbour at four', null))).toBeGreaterThan(20);
});
