import { accountsViewer } from '../access/viewer';
import { readSeveralAs } from '../briefings/articles/several-articles';
import { readRecipient } from '../membership/mailing';
import { composeIssue } from './compose';
import type { IssueParts } from './desk/parts';

/** As `IssueRoom` has it. */
export async function letterFor(
  parts: IssueParts,
  recipientId: string,
  briefingIds: readonly string[],
): Promise<readonly string[] | null> {
  const { wall, site, entitlements } = parts;
  const recipient = await wall.read(accountsViewer, (db) => readRecipient(db, recipientId, entitlements.now()));
  if (!recipient) return null;
  const to = recipient.hasAccount ? 'account' : 'subscriber';
  const viewer = { role: 'reader', rank: recipient.rank } as const;
  const reads = await readSeveralAs(wall, viewer, briefingIds);
  if (reads.length === 0) return null;
  const all = [];
  for (const language of site.languages.all) {
    const words = { digest: null, subjects: {}, preheaders: {} };
    const { subject, preheader, html, text } = await composeIssue(parts, words, reads, viewer, language, to);
    all.push(subject, preheader, html, text);
  }
  return all;
}
