import type { Language } from '../lib/language';
import type { AlertTitles } from './alert-titles';
import type { IssueRow } from './store';

/** What an issue is called in a list. @param titles what alerts are about, as far as whoever looks may know */
export function issueName(
  { say, code }: Language,
  { id, alert, digest, subjects }: Pick<IssueRow, 'id' | 'alert' | 'digest' | 'subjects'>,
  titles?: AlertTitles,
): string {
  const title = titles?.get(id);
  if (alert) return title === undefined ? say('issue.alert') : say('issue.alert.of', { title });
  if (digest !== null) return say(`issue.list.${digest}`);
  return subjects[code] || Object.values(subjects).find((text) => text !== '') || say('issue.heading');
}
