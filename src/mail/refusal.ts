/** A try to send that did not succeed, as far as it may be told. */
export interface Refusal {
  /** Names and numbers, without what the server said about the recipient (ASVS 16.2.5). */
  readonly why: string;
  /** What the server refuses for good; null: what it was may be otherwise at the next try. */
  readonly permanent: 'recipient' | 'message' | null;
  /**
   * Does it say nothing of this letter? `server`: ours does not answer, hangs up, or does not let us in. `domain`: it
   * asks, at the recipient, to come again later (421): what stands behind it is away.
   */
  readonly away: 'server' | 'domain' | null;
}

/** What a session ends with that did not come to the letter. */
const NO_SESSION = ['ECONNECTION', 'ESOCKET', 'ETIMEDOUT', 'EDNS', 'ETLS', 'EAUTH'];

/** The steps of a session in which the server refuses the recipient or the letter, and not us. */
const JUDGES = ['RCPT TO', 'DATA'];

/** Answers in such a step that are about our login (RFC 4954, 6). */
const ABOUT_LOGIN = [530, 534, 535, 538];

/**
 * What came of a try: an answer of 5yz to the recipient or to the letter is final (RFC 5321, 4.2.1); everything else
 * (4yz, the login, the sender, the network) may pass. Where the server gives its reason (RFC 3463), one about the
 * address or the mailbox is the recipient's, any other the message's.
 */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { why: 'unknown', permanent: null, away: null };
  const { code, command, responseCode, response } = error as Error & Readonly<Record<string, unknown>>;
  const [, detail] = /^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(String(response)) ?? [];
  const why = [error.name, code, command, responseCode, detail]
    .filter((one) => typeof one === 'string' || typeof one === 'number')
    .join(' ')
    .slice(0, 200);
  const answer = Number(responseCode);
  const final = JUDGES.includes(String(command)) && answer >= 500 && answer <= 599 && !ABOUT_LOGIN.includes(answer);
  const unreached = answer === 421 || NO_SESSION.includes(String(code));
  const away = !unreached ? null : answer === 421 && command === 'RCPT TO' ? 'domain' : 'server';
  if (!final) return { why, permanent: null, away };
  const aboutMailbox = detail === undefined ? command === 'RCPT TO' : /^5\.[12]\./.test(detail);
  return { why, permanent: aboutMailbox ? 'recipient' : 'message', away: null };
}
