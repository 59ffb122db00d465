import type { Language } from '../lib/language';
import type { IssueRow } from './store';

/** What an issue is called in a list. */
export function issueName({ say, code }: Language, { alert, digest, subjects }: IssueRow): string {
  if (alert) return say('issue.alert');
  if (digest !== null) return say(`issue.list.${digest}`);
  return subjects[code] || Object.values(subjects).find((text) => text !== '') || say('issue.heading');
}
