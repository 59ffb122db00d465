import { randomBytes } from 'node:crypto';

/** One sentence about what was just done, said on the next page. */
export interface Notice {
  readonly text: string;
  readonly wrong: boolean;
}

/** Sentences that wait for the page after a redirect, under a name nobody can guess. */
export interface NoticeStore {
  /** The name under which the sentence can be found. */
  keep(text: string, wrong?: boolean): string;
  find(name: unknown): Notice | null;
}

/** How many are kept: whoever reloads an old page sees it without its sentence. */
const KEPT = 200;

export function openNoticeStore(): NoticeStore {
  const notices = new Map<string, Notice>();
  return {
    keep(text, wrong = false) {
      const name = randomBytes(9).toString('base64url');
      notices.set(name, { text, wrong });
      for (const old of [...notices.keys()].slice(0, Math.max(0, notices.size - KEPT))) notices.delete(old);
      return name;
    },
    find: (name) => (typeof name === 'string' ? (notices.get(name) ?? null) : null),
  };
}
