import type { Language } from '../../lib/language';

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
