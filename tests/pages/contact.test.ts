import { adminViewer } from '../../src/access/viewer';
import { readSetting } from '../../src/site/settings/schemas';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { startMailServer, textOf, type MailServer } from '../support/mail-server';
import { saying, writePage } from '../support/own-pages';
import { said, visit } from '../support/page';
import { until } from '../support/until';

/** The contact form reaches the publisher, and nobody else. */
let dossier: Dossier;
let server: MailServer;
const see = (path: string) => visit(`${dossier.url}${path}`);
const MESSAGE = { name: 'A Reader', email: 'reader@example.org', message: 'First.\n\nSecond <b>line</b>.' };

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startDossier({ trustProxy: 1, smtpUrl: server.url });
});
afterAll(async () => {
  await dossier.stop();
  await server.stop();
});

test('while nobody has said where messages go, the page says so and takes none', async () => {
  const page = await see('/contact');
  expect([page.status, page.html.querySelector('form.contact-form')]).toEqual([200, null]);
  expect(said(page, '.warning')).toContain('cannot be taken here yet');
  expect((await send(dossier, '/contact', MESSAGE)).status).toBe(409);
  const value = readSetting('mail', { replyTo: 'desk@publisher.example' });
  await dossier.wall.write(adminViewer, (db) => db.siteSetting.create({ data: { name: 'mail', value } }));
  await until(async () => (await see('/contact')).text.includes('contact-form'));
});

test('what is wrong is said beside the field, and what was typed stays', async () => {
  const page = await send(dossier, '/es/contact', { name: '', email: 'reader', message: 'Hola <x>' });
  expect(page.status).toBe(422);
  expect(page.html.querySelectorAll('.field-error').length).toBe(2);
  expect(page.html.querySelector('#email')?.getAttribute('value')).toBe('reader');
  expect(page.html.querySelector('#message')?.text).toContain('Hola');
  expect((await send(dossier, '/contact', { ...MESSAGE, message: ' \n ' })).status).toBe(422);
  expect((await send(dossier, '/contact', { ...MESSAGE, message: 'x'.repeat(5_001) })).status).toBe(422);
  expect((await send(dossier, '/contact', { ...MESSAGE, email: 'a@example.org\r\nBcc: b@example.org' })).status).toBe(
    422,
  );
  expect((await send(dossier, '/contact', { ...MESSAGE, to: 'else@example.org' })).status).toBe(400);
});

test('a message is one letter to the publisher, answered to whoever wrote', async () => {
  await writePage(dossier, 'contact', { content: saying({ en: 'Write to us' }) });
  expect(said(await see('/contact'), 'h1')).toBe('Write to us');
  for (let time = 0; time < 2; time++) {
    const answer = await send(dossier, '/contact', MESSAGE);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/contact/sent']);
  }
  await until(() => server.received.length > 0);
  const [letter] = server.received;
  expect(server.received.length).toBe(1);
  expect(letter!.recipients).toEqual(['desk@publisher.example']);
  expect(/^Reply-To: (.*)$/im.exec(letter!.raw)?.[1]?.trim()).toBe('reader@example.org');
  expect(textOf(letter!)).toContain('A Reader (reader@example.org)');
  expect(textOf(letter!)).toContain('Second <b>line</b>.');
  expect(letter!.raw).not.toContain('<b>line</b>.</p>');
});

test('who writes too often waits: from one address of the net, and with one e-mail', async () => {
  const write = (n: number, email: string, ip?: string) =>
    send(dossier, '/contact', { ...MESSAGE, email, message: `Message ${n}` }, ip === undefined ? {} : { ip });
  const statuses = async (wanted: number, email: (n: number) => string, ip?: string) => {
    const found = [];
    for (let n = 0; n < wanted; n++) found.push((await write(n, email(n), ip)).status);
    return found;
  };
  expect((await statuses(6, () => 'often@example.org')).slice(4)).toEqual([303, 429]);
  const byIp = await statuses(11, (n) => `one-of-many-${n}@example.org`, '10.1.2.3');
  expect(byIp.slice(9)).toEqual([303, 429]);
  const last = await write(12, 'late@example.org', '10.1.2.3');
  expect([last.html.querySelector('#message')?.text.trim(), Number(last.headers.get('retry-after')) > 0]).toEqual([
    'Message 12',
    true,
  ]);
});
