/** What webhooks are told of. */
export const EVENTS = [
  'briefing.published',
  'briefing.changed',
  'briefing.withdrawn',
  'member.joined',
  'member.tier-changed',
] as const;
export type WebhookEvent = (typeof EVENTS)[number];

export const isEvent = (given: string): given is WebhookEvent => EVENTS.some((one) => one === given);

/** Those about members: whoever asks for one of them is told from the tiers of this moment on. */
export const MEMBER_EVENTS: readonly WebhookEvent[] = ['member.joined', 'member.tier-changed'];
