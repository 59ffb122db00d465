import type { Request } from 'express';
import { z } from 'zod';
import { readMoment } from '../../desk/moment';
import { formByName } from '../../http/body';
import { Failure } from '../../lib/failure';
import type { Language, Languages } from '../../lib/language';
import { isPrintable, typedLine } from '../../lib/line';
import type { Audience } from '../audience';
import { LONGEST } from '../compose';
import { isList } from '../lists';

/** Reads the form of an issue: a subject and a preheader for each language, and a box for each tier and label. */
export const issueForm = formByName({ bytes: 64 * 1024, fields: 400 });

/** What was typed and ticked, as it was. */
export interface TypedIssue extends Audience {
  readonly subjects: Readonly<Record<string, string>>;
  readonly preheaders: Readonly<Record<string, string>>;
  /** As `datetime-local` sends it; empty: now. */
  readonly when: string;
}

export interface SentIssue extends TypedIssue {
  readonly do: 'see' | 'send' | 'test' | 'back';
  readonly submission: string;
  /** For a test. */
  readonly as: string;
  readonly lang: string;
}

const several = z
  .union([z.string().transform((one) => [one]), z.array(z.string())])
  .default([])
  .pipe(z.array(z.string().max(200)).max(200));

const schema = z
  .object({
    do: z.enum(['see', 'send', 'test', 'back']),
    submission: z.uuid(),
    lists: several,
    tiers: several,
    labels: several,
    when: z.string().max(40).default(''),
    as: z.string().max(80).default(''),
    lang: z.string().max(20).default(''),
  })
  .catchall(z.unknown());

/** What the form says. @throws Failure 400 where it is none of ours. */
export function readIssueForm(req: Request, languages: Languages): SentIssue {
  const parsed = schema.safeParse(req.body ?? {});
  if (!parsed.success) throw new Failure(400, 'not the form of an issue');
  const { data } = parsed;
  const inEach = (part: string) =>
    Object.fromEntries(
      languages.all.map(({ code }) => {
        const given = data[`${part}.${code}`];
        return [code, typeof given === 'string' ? typedLine(given) : ''];
      }),
    );
  return {
    ...{ do: data.do, submission: data.submission, as: data.as, lang: data.lang, when: data.when },
    lists: data.lists.filter(isList),
    ...{ tiers: data.tiers, labels: data.labels },
    ...{ subjects: inEach('subject'), preheaders: inEach('preheader') },
  };
}

/** What is wrong with it, by the name of its field: sentences. */
export type IssueFaults = Readonly<Partial<Record<string, string>>>;

/** What keeps it from being sent, and when it would go. */
export function checkIssue(
  typed: TypedIssue,
  languages: Languages,
  { say, zone }: Language,
  now: Date,
): { readonly wrong: IssueFaults; readonly sendAt: Date } {
  const at = typed.when === '' ? now : readMoment(typed.when, zone);
  const tooLong = (part: 'subject' | 'preheader', texts: Readonly<Record<string, string>>) =>
    languages.all
      .filter(({ code }) => [...(texts[code] ?? '')].length > LONGEST[part] || !isPrintable(texts[code] ?? ''))
      .map(({ code }) => [`${part}.${code}`, say('issue.wrong.long', { n: LONGEST[part] })] as const);
  return {
    wrong: {
      ...(typed.lists.length === 0 ? { lists: say('issue.wrong.lists') } : {}),
      ...(typed.tiers.length === 0 ? { tiers: say('issue.wrong.tiers') } : {}),
      ...Object.fromEntries<string>([...tooLong('subject', typed.subjects), ...tooLong('preheader', typed.preheaders)]),
      ...(at === null || (typed.when !== '' && at <= now) ? { when: say('desk.refused.when', { zone }) } : {}),
    },
    sendAt: at ?? now,
  };
}
