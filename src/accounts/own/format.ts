import type { Language } from '../../lib/language';

/** That letters to an address are refused for good, and what its owner can do; null where they are not. */
export function sayRefusedMail(
  language: Language,
  account: {
    readonly email: string;
    readonly mailRefusedAt: Date | null;
    readonly mailRefusal: 'recipient' | 'message' | null;
  },
): string | null {
  const { email, mailRefusedAt, mailRefusal } = account;
  if (mailRefusedAt === null || mailRefusal === null) return null;
  return language.say(`account.address.refused.${mailRefusal}`, {
    email,
    moment: formatMoment(language, mailRefusedAt),
  });
}

/** A moment as its owner reads it: the day and the minute, in UTC. */
export function formatMoment(language: Language, time: Date): string {
  return language.say('account.moment', { day: language.day(time), time: time.toISOString().slice(11, 16) });
}

/** A device as `device.ts` describes it, in the language of the page. */
export function formatDevice({ say }: Language, device: string): string {
  const [browser, system] = device.split(' on ');
  if (browser !== undefined && system !== undefined) return say('account.device.on', { browser, system });
  return device === 'An unknown browser' ? say('account.device.unknown') : device;
}
