import type { SettingValue } from '../../site/settings/schemas';

/** The texts of a name's TXT records; empty where it has none, or does not answer. */
export type ResolveTxt = (name: string) => Promise<readonly string[]>;

/** A record that receivers of mail look for. */
export interface MailRecord {
  readonly kind: 'spf' | 'dkim' | 'dmarc';
  /** The name it stands at. */
  readonly name: string;
  /** What it says: whole, or the way it begins where only the mail server's keeper knows the rest. */
  readonly value: string;
  /** What answers there now; null: nothing of this kind. */
  readonly found: string | null;
}

/** How a record of each kind begins (RFC 7208, 4.5; RFC 6376, 3.6.1; RFC 7489, 6.3). */
const BEGINS = { spf: /^v=spf1(?: |$)/i, dkim: /(?:^|;)\s*(?:v=DKIM1|k=|p=)/i, dmarc: /^v=DMARC1\s*;/i } as const;

/** The records to set for letters from an address, whatever answers. @param host the mail server's name, or null. */
export function mailRecords(
  { senderAddress, dkimSelector }: Pick<SettingValue<'mail'>, 'senderAddress' | 'dkimSelector'>,
  host: string | null,
): readonly Omit<MailRecord, 'found'>[] {
  const domain = senderAddress.split('@')[1];
  if (domain === undefined) return [];
  const from = host === null ? 'mx' : `a:${host}`;
  return [
    { kind: 'spf', name: domain, value: `v=spf1 ${from} ~all` },
    ...(dkimSelector === ''
      ? []
      : [{ kind: 'dkim' as const, name: `${dkimSelector}._domainkey.${domain}`, value: 'v=DKIM1; k=rsa; p=…' }]),
    { kind: 'dmarc', name: `_dmarc.${domain}`, value: `v=DMARC1; p=quarantine; rua=mailto:${senderAddress}` },
  ];
}

/** The same, with what answers now. */
export const checkMailRecords = (
  records: ReturnType<typeof mailRecords>,
  resolveTxt: ResolveTxt,
): Promise<readonly MailRecord[]> =>
  Promise.all(
    records.map(async (record) => ({
      ...record,
      found: (await resolveTxt(record.name)).find((text) => BEGINS[record.kind].test(text)) ?? null,
    })),
  );
