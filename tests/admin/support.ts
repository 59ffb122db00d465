import { accountsViewer } from '../../src/access/viewer';
import type { AccountRole } from '../../src/access/account-access';
import { logIn } from '../support/cast';
import { anyEmail, send } from '../support/door';
import type { Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

/** Somebody with an account, and what proves them. */
export interface Somebody {
  readonly id: string;
  readonly email: string;
  readonly cookie: string;
}

/** An account with a role, its second factor and a login; a reader has joined. */
export async function somebody(
  dossier: Dossier,
  role: AccountRole = 'reader',
  more: { readonly verified?: boolean; readonly name?: string } = {},
): Promise<Somebody> {
  const email = anyEmail();
  const { id } = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: {
        email,
        name: more.name ?? 'Mara Member',
        lang: 'en',
        role,
        verifiedAt: more.verified === false ? null : new Date(),
        totpConfirmedAt: role === 'reader' ? null : new Date(),
        ...(role === 'reader'
          ? { grants: { create: { tierSlug: 'strategy-circle', source: 'JOINED' as const, from: new Date(0) } } }
          : {}),
      },
      select: { id: true },
    }),
  );
  return { id, email, cookie: await logIn(dossier, id) };
}

/** Opens a page as somebody. */
export const open = (dossier: Dossier, { cookie }: Pick<Somebody, 'cookie'>, path: string): Promise<Page> =>
  visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });

/** Every field of the form that does something, as the page was sent. */
export function fieldsOf({ html }: Page): Record<string, string> {
  const form = html.querySelector('main form[method=post]');
  return Object.fromEntries(
    (form?.querySelectorAll('input') ?? []).map((field) => [
      field.getAttribute('name')!,
      field.getAttribute('value') ?? '',
    ]),
  );
}

/** Opens the page that asks, and means it. */
export async function act(
  dossier: Dossier,
  by: Somebody,
  member: Pick<Somebody, 'id'>,
  action: string,
  query = '',
  reason = 'because a test says so',
): Promise<{ readonly asked: Page; readonly answer: Page; readonly fields: Record<string, string> }> {
  const at = `/admin/members/${member.id}/${action}`;
  const asked = await open(dossier, by, `${at}${query}`);
  const fields = { ...fieldsOf(asked), reason };
  return { asked, fields, answer: await send(dossier, at, fields, { cookie: by.cookie }) };
}

/** The entries about a member, the oldest first, but for who looked. */
export const entriesOf = (dossier: Dossier, { id }: Pick<Somebody, 'id'>) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { targetId: id, action: { not: 'member-viewed' } }, orderBy: [{ at: 'asc' }] }),
  );

/** What the member is told on the next page they open. */
export const toldTo = async (dossier: Dossier, member: Somebody): Promise<string | null> =>
  said(await open(dossier, member, '/account'), '.standing');
