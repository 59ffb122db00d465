import type { SiteSettings } from './catalogue';

/** Where the contact form leads: where answers to letters go, else whom letters are from. Null: nobody has said it. */
export const supportAddress = ({ current: { mail } }: Pick<SiteSettings, 'current'>): string | null =>
  mail.replyTo || mail.senderAddress || null;
