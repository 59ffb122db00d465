/** Where an issue stands. */
export const STATES = ['scheduled', 'sending', 'paused', 'stopped', 'sent'] as const;
export type IssueState = (typeof STATES)[number];

/** Where a letter of an issue stands. */
export const LETTER_STATES = ['sent', 'failed', 'waiting', 'skipped'] as const;
export type IssueLetterState = (typeof LETTER_STATES)[number];

/** What can be done with an issue, and where it must stand for it. */
export const ACTS = {
  pause: ['scheduled', 'sending'],
  resume: ['paused'],
  stop: ['scheduled', 'sending', 'paused'],
} as const satisfies Record<string, readonly IssueState[]>;
export type Act = keyof typeof ACTS;

/** Why an issue stands still without anybody having said so. */
export const REASONS = ['late', 'withdrawn', 'no-mail'] as const;
export type Reason = (typeof REASONS)[number];

/** Hours after which a letter comes too late to go without being asked for again. */
export const LATE_HOURS = 6;

export const isOpen = (act: Act, state: IssueState): boolean => (ACTS[act] as readonly IssueState[]).includes(state);
