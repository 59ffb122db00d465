import type { Request, Response } from 'express';
import { layoutOf } from '../http/layout/page-layout';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import type { SetupField, SetupPage } from './page-types';
import type { SetupParts } from './parts';

/** The steps, in their order. */
export const STEPS = ['publication', 'admin', 'content', 'services'] as const;
export type Step = (typeof STEPS)[number];

/** A step's page, of which its route says what differs. */
export function stepPage({ say }: Language, step: Step, page: Partial<SetupPage>): SetupPage {
  return {
    label: say('setup.step', { n: STEPS.indexOf(step) + 1, all: STEPS.length }),
    heading: say(`setup.${step}.heading`),
    paragraphs: [say(`setup.${step}.text`)],
    ...{ results: [], error: null, form: null, factor: null, codes: [], next: null },
    ...page,
  };
}

/**
 * Answers with a page of the setup: found by no search engine, kept nowhere, and with no way to sections there are not
 * yet.
 */
export async function renderSetup(
  { site }: Pick<SetupParts, 'site'>,
  language: Language,
  req: Request,
  res: Response,
  page: SetupPage,
  status = 200,
): Promise<void> {
  const layout = layoutOf(site, language, { title: page.heading, path: '/setup', noindex: true });
  res.status(status);
  // The address may hold the link.
  res.setHeader('Referrer-Policy', 'no-referrer');
  await respond(req, res, 'setup/step', { layout: { ...layout, login: null, join: null, nav: [] }, page });
}

/** A field of a step; its label is the phrase `setup.field.` and its name. */
export const setupField = (
  { say }: Language,
  name: string,
  type: SetupField['type'],
  value: string,
  more: Partial<Pick<SetupField, 'hint' | 'error' | 'autocomplete'>> & {
    readonly options?: readonly { readonly value: string; readonly label: string }[];
  } = {},
): SetupField => ({
  ...{ name, type, value, label: say(`setup.field.${name}`) },
  autocomplete: more.autocomplete ?? 'off',
  hint: more.hint ?? null,
  error: more.error ?? null,
  options: (more.options ?? []).map((one) => ({ ...one, selected: one.value === value })),
});
