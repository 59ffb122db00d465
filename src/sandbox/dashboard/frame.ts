import { Router, type Request } from 'express';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { StripeFailure } from '../failure';
import { languageOf, type PageParts } from '../hosted/frame';
import { read } from '../hosted/read';
import type { ControlFrame } from './page-types';

const TABS = [
  ['/sandbox', 'overview'],
  ['/sandbox/webhooks', 'webhooks'],
  ['/sandbox/objects', 'objects'],
] as const;

/** What the dashboard has around each page: its tabs, and the sentence about what was just done. */
export function frameOf(
  { sayings }: Pick<PageParts, 'sayings'>,
  { say }: Pick<Language, 'say'>,
  req: Request,
  heading: string,
  tab: (typeof TABS)[number][1],
): ControlFrame {
  const saying = sayings.find(req.query['said']);
  return {
    heading,
    tabs: TABS.map(([href, name]) => ({ href, label: say(`sandbox.tab.${name}`), current: name === tab })),
    done: saying && !saying.wrong ? saying.text : null,
    error: saying?.wrong ? saying.text : null,
  };
}

/** The empty form of a button that says everything by itself. */
export const nothing = z.strictObject({});

/**
 * The forms of the dashboard: each does one thing, then says what it did on the page it came from. What the sandbox
 * refuses is said there too.
 */
export function doings(parts: PageParts): {
  readonly router: Router;
  readonly on: <T>(
    path: string,
    schema: z.ZodType<T>,
    back: (req: Request) => string,
    act: (fields: T, language: Language, req: Request) => string | Promise<string>,
  ) => void;
} {
  const router = Router({ caseSensitive: true, strict: true });
  return {
    router,
    on: (path, schema, back, act) => {
      router
        .route(path)
        .post(formBody, async (req, res) => {
          const language = languageOf(parts, req, null);
          const fields = read(schema, req);
          const outcome = await outcomeOf(parts, language, () => act(fields, language, req));
          res.redirect(303, `${back(req)}?said=${outcome}`);
        })
        .all(onlyMethods('POST'));
    },
  };
}

async function outcomeOf(
  { sayings }: PageParts,
  { say }: Language,
  act: () => string | Promise<string>,
): Promise<string> {
  try {
    return sayings.keep(await act());
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return sayings.keep(say('sandbox.refused', { message: error.message }), true);
  }
}
