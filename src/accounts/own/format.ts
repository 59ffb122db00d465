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

/** A moment as its owner reads it: the day and the minute, and in which zone. */
export function formatMoment(language: Language, time: Date): string {
  return momentWith(language, time, language.clock(time));
}

/** The same to the second. */
export const formatSecond = (language: Language, time: Date): string =>
  momentWith(language, time, language.clockToSecond(time));

function momentWith(language: Language, time: Date, clock: string): string {
  const values = { day: language.day(time), time: clock, zone: language.zoneName(time) };
  return language.say('account.moment', values);
}

/** A device as `device.ts` describes it, in the language of the page. */
export function formatDevice({ say }: Language, device: string): string {
  const [browser, system] = device.split(' on ');
  if (browser !== undefined && system !== undefined) return say('account.device.on', { browser, system });
  return device === 'An unknown browser' ? say('account.device.unknown') : device;
}
