/** What a row may say of a member. */
export const FIELDS = [
  'email',
  'name',
  'first-name',
  'last-name',
  'language',
  'joined',
  'tier',
  'comp',
  'until',
  'labels',
  'customer',
] as const;
export type Field = (typeof FIELDS)[number];

/** Which column, counted from 0, says what. */
export type Columns = Readonly<Partial<Record<Field, number>>>;

/** Whose files are recognised by their columns. */
export const SOURCES = ['ghost', 'memberful', 'pmpro', 'substack', 'other'] as const;
export type Source = (typeof SOURCES)[number];

/** Columns that no other file has together. Names are compared in small letters, letters and digits alone. */
const SIGNS: readonly (readonly [Source, readonly string[]])[] = [
  // https://ghost.org/docs/members/import-members/
  ['ghost', ['email', 'subscribedtoemails', 'stripecustomerid']],
  ['ghost', ['email', 'complimentaryplan']],
  ['substack', ['email', 'activesubscription', 'expiry']],
  ['pmpro', ['email', 'membership', 'joined', 'expires']],
  ['memberful', ['email', 'fullname', 'plan']],
  ['memberful', ['email', 'firstname', 'lastname', 'plan', 'stripecustomerid']],
];

/** Names of columns by what they say; the first that a file has is taken. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  email: ['email', 'emailaddress', 'useremail', 'mail', 'correo', 'correoelectronico'],
  name: ['name', 'fullname', 'displayname', 'nombre'],
  'first-name': ['firstname', 'givenname'],
  'last-name': ['lastname', 'surname', 'familyname'],
  language: ['language', 'lang', 'locale', 'idioma'],
  joined: ['createdat', 'joined', 'joinedat', 'signupdate', 'registered', 'createddate', 'startdate', 'created'],
  tier: ['tiers', 'tier', 'membership', 'plan', 'plans', 'products', 'level'],
  comp: ['complimentaryplan', 'complimentary', 'comp', 'comped'],
  until: ['expires', 'expiry', 'expiresat', 'expirationdate', 'until', 'enddate'],
  labels: ['labels', 'tags', 'label'],
  customer: ['stripecustomerid', 'stripecustomer', 'customerid', 'stripeid'],
};

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** Whose file has these columns. */
export function sourceOf(header: readonly string[]): Source {
  const names = new Set(header.map(plain));
  return SIGNS.find(([, signs]) => signs.every((sign) => names.has(sign)))?.[0] ?? 'other';
}

/** What the columns of a file say, as far as their names tell. */
export function guessColumns(header: readonly string[]): Columns {
  const names = header.map(plain);
  const guessed = FIELDS.flatMap((field) => {
    const column = NAMES[field].map((name) => names.indexOf(name)).find((at) => at >= 0);
    return column === undefined ? [] : [[field, column] as const];
  });
  return Object.fromEntries(guessed);
}
