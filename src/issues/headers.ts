import { joinPath, type SiteContext } from '../http/site-context';
import type { Language } from '../lib/language';
import type { OwnAddresses } from './compose';

/** The page on which somebody without an account chooses other letters. */
export const CHOOSE = '/letters/choose';

/** The page on which a recipient leaves the letters to many. */
export const leaveAddress = (publicUrl: string, prefix: string, token: string): string =>
  `${publicUrl}${prefix}/letters/leave?token=${token}`;

/** The addresses in a letter that are its recipient's own. */
export function ownAddresses(
  site: SiteContext,
  { prefix }: Pick<Language, 'prefix'>,
  hasAccount: boolean,
  token: string,
): OwnAddresses {
  const at = `${site.publicUrl}${prefix}`;
  return {
    leave: leaveAddress(site.publicUrl, prefix, token),
    choose: hasAccount ? `${at}/account/letters` : `${at}${CHOOSE}?token=${token}`,
    join: `${at}${joinPath(site)}${site.tiers.free === null ? '' : `?for=${token}`}`,
  };
}

/** The path that leaves them at one click in a mail program, without a page (RFC 8058). */
export const ONE_CLICK = '/letters/one-click';

/** Where a letter that leaves them goes, with the token as its subject (RFC 6068). */
function leaveByMail(address: string, token: string): string {
  const at = address.lastIndexOf('@');
  return `mailto:${encodeURIComponent(address.slice(0, at))}${address.slice(at)}?subject=leave%20${token}`;
}

/**
 * What mail programs are told of a letter to many: whose list it is (RFC 2919), and how one leaves it (RFC 2369, 8058).
 * @param leaveAddress where one leaves by mail; empty: nowhere
 */
export const listHeaders = (
  publicUrl: string,
  list: string,
  token: string,
  leaveAddress: string,
): Readonly<Record<string, string>> => ({
  'List-Id': `<${list}.letters.${new URL(publicUrl).hostname}>`,
  'List-Unsubscribe': [
    `<${publicUrl}${ONE_CLICK}?token=${token}>`,
    ...(leaveAddress === '' ? [] : [`<${leaveByMail(leaveAddress, token)}>`]),
  ].join(', '),
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  Precedence: 'bulk',
});
