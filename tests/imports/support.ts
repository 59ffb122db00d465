import { visit, type Page } from '../support/page';
import { send } from '../support/door';
import type { Dossier } from '../support/dossier';
import { until } from '../support/until';
import { accountsViewer } from '../../src/access/viewer';

/** Sends a file as the form of `/admin/import` does. */
export function upload(
  dossier: Dossier,
  cookie: string,
  file: string | Uint8Array,
  name = 'members.csv',
): Promise<Page> {
  const body = new FormData();
  body.set('file', new Blob([typeof file === 'string' ? file : new Uint8Array(file)]), name);
  return visit(`${dossier.url}/admin/import`, {
    method: 'POST',
    body,
    headers: { Cookie: cookie, Origin: dossier.url },
  });
}

/** The import's id in the address an answer leads to. */
export function idIn({ status, headers }: Page): string {
  const found = /\/admin\/import\/([0-9a-f-]{36})/.exec(headers.get('location') ?? '');
  if (status !== 303 || !found) throw new Error(`no import: ${status} ${headers.get('location')}`);
  return found[1]!;
}

/** What a page's form would send, with what is filled in besides. */
export function formOn({ html }: Page, selector: string): Record<string, string> {
  const form = html.querySelector(selector);
  if (!form) throw new Error(`no form ${selector}`);
  const held: Record<string, string> = {};
  for (const input of form.querySelectorAll('input')) {
    const name = input.getAttribute('name');
    if (name && input.getAttribute('type') !== 'checkbox') held[name] = input.getAttribute('value') ?? '';
  }
  for (const select of form.querySelectorAll('select'))
    held[select.getAttribute('name')!] =
      select.querySelector('option[selected]')?.getAttribute('value') ??
      select.querySelector('option')?.getAttribute('value') ??
      '';
  return held;
}

export const see = (dossier: Dossier, cookie: string, path: string): Promise<Page> =>
  visit(`${dossier.url}${path}`, { headers: { Cookie: cookie } });

/** Checks the rows of an import, as the form says it, and waits until that is done. */
export async function check(
  dossier: Dossier,
  cookie: string,
  id: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const form = formOn(await see(dossier, cookie, `/admin/import/${id}`), 'form.section-form');
  const answer = await send(dossier, `/admin/import/${id}/check`, { ...form, ...more }, { cookie });
  if (answer.status !== 303) return answer;
  await stateOf(dossier, id, 'checked');
  return see(dossier, cookie, `/admin/import/${id}`);
}

/** Does something with an import: asks for the page first, then sends its form. */
export async function act(dossier: Dossier, cookie: string, id: string, name: string): Promise<Page> {
  const asked = await see(dossier, cookie, `/admin/import/${id}/${name}`);
  return send(dossier, `/admin/import/${id}/${name}`, formOn(asked, 'form.section-form'), { cookie });
}

/** Waits until an import stands there. */
export const stateOf = (dossier: Dossier, id: string, state: string, milliseconds = 30_000): Promise<void> =>
  until(
    () =>
      dossier.wall.read(accountsViewer, async (db) => {
        const row = await db.import.findUnique({ where: { id }, select: { state: true } });
        return row?.state === state;
      }),
    milliseconds,
  );

/** The rows as a page lists them under all else: line, address, outcome and remarks. */
export const listed = ({ html }: Page): string[][] =>
  html
    .querySelectorAll('table.dense')
    .at(-1)!
    .querySelectorAll('tbody tr')
    .map((row) => row.childNodes.map((cell) => cell.text.replace(/\s+/g, ' ').trim()).filter(Boolean));

/** Stands in every gated part of the posts of the tests, and nowhere else. */
export const CANARY = 'zq7kgated';

/** What an admin chooses for those posts. */
export const CHOSEN = {
  ...{ members: 'trend', paid: 'evidence', home: 'https://old.example.org', category: 'cloud-service' },
  ...{ type: 'signal', domain: 'technology', impact: 'low', confidence: '0.55', relevance: 'low', horizon: 'near' },
};
