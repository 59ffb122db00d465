/**
 * The currencies of Stripe, and how it counts each of them. Not ISO 4217's decimals and not those of ICU (`Intl`),
 * which are about how an amount is written: ICU writes forints without decimals, and Stripe counts their hundredths.
 *
 * Source: https://docs.stripe.com/currencies ("Supported presentment currencies", "Zero-decimal currencies", "Special
 * cases", "Minimum charge amount by currency"), as published in July 2026; the three-decimal currencies and their last
 * digit: https://web.archive.org/web/20221231002856/https://stripe.com/docs/currencies, which the present page does not
 * repeat, while it goes on listing the five of them for accounts that may charge them.
 */
export interface Currency {
  /** Places behind the point that Stripe counts: an amount is a whole number of the smallest of them. */
  readonly decimals: 0 | 2 | 3;
  /** A charge, a refund and a price are a multiple of this. */
  readonly step: 1 | 10 | 100;
  /** The least that Stripe charges, where it is documented for an account that settles in the same currency. */
  readonly minimum: number | null;
  /**
   * A payout is a multiple of this. Nothing here pays out; it is noted because it is often taken for a rule of charges.
   */
  readonly payoutStep: 1 | 10 | 100;
}

const TWO_DECIMALS: Currency = { decimals: 2, step: 1, minimum: null, payoutStep: 1 };
const ZERO_DECIMALS: Currency = { decimals: 0, step: 1, minimum: null, payoutStep: 1 };

/** "These API calls require the least-significant (last) digit to be 0." */
const THREE_DECIMALS: Currency = { decimals: 3, step: 10, minimum: null, payoutStep: 10 };

/** Without hundredths, and counted in them all the same "where the decimal amount is always 00": ISK, UGX. */
const WHOLE_IN_HUNDREDTHS: Currency = { decimals: 2, step: 100, minimum: null, payoutStep: 100 };

/** Two decimals in a charge, none in a payout: HUF, TWD. */
const WHOLE_PAYOUTS: Currency = { decimals: 2, step: 1, minimum: null, payoutStep: 100 };

const CODES: readonly (readonly [codes: string, counted: Currency])[] = [
  [
    `aed afn all amd ang aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk
     dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr
     lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd
     rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd tzs uah usd uyu uzs wst xcd xcg yer zar zmw`,
    TWO_DECIMALS,
  ],
  ['bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf', ZERO_DECIMALS],
  ['bhd jod kwd omr tnd', THREE_DECIMALS],
  ['isk ugx', WHOLE_IN_HUNDREDTHS],
  ['huf twd', WHOLE_PAYOUTS],
];

/**
 * The documented minimum charges, in the smallest unit. A charge in another currency must reach one of these converted.
 */
const MINIMUMS: Readonly<Record<string, number>> = {
  ...{ usd: 50, aed: 200, ars: 50, aud: 50, brl: 50, cad: 50, chf: 50, cop: 50, czk: 1500, dkk: 250, eur: 50 },
  ...{ gbp: 30, hkd: 400, huf: 17_500, idr: 50, ils: 50, inr: 50, jpy: 50, krw: 50, mxn: 1000, myr: 200, nok: 300 },
  ...{ nzd: 50, php: 50, pln: 200, ron: 200, rub: 50, sek: 300, sgd: 50, thb: 1000, zar: 50 },
};

/**
 * Currencies of which one unit was worth less than some two US cents in July 2026: a price in them has five digits and
 * more. For nothing but telling a price from a slip of the finger; a currency that is missing here is charged all the
 * same.
 */
export const SMALL_UNITS: ReadonlySet<string> = new Set(
  `afn all amd aoa ars bdt bif cdf clp cop crc cve djf dzd etb gmd gnf gyd htg huf idr inr isk jmd jpy kes kgs khr kmf
   krw kzt lak lbp lkr lrd mga mkd mmk mnt mur mwk mzn ngn npr php pkr pyg rsd rub rwf sos std tzs ugx uzs vnd vuv xaf
   xof xpf yer`.split(/\s+/),
);

/** Every currency that Stripe can charge, by its ISO 4217 code in lower case. */
export const CURRENCIES: ReadonlyMap<string, Currency> = new Map(
  CODES.flatMap(([codes, counted]) =>
    codes.split(/\s+/).map((code): [string, Currency] => [code, { ...counted, minimum: MINIMUMS[code] ?? null }]),
  ).sort(([a], [b]) => (a < b ? -1 : 1)),
);

/**
 * How Stripe counts a currency, by its ISO 4217 code in any case. One that is not in the table has two decimals:
 * "Currencies are two-decimal currencies unless otherwise specified."
 */
export function currencyOf(code: string): Currency {
  return CURRENCIES.get(code.toLowerCase()) ?? TWO_DECIMALS;
}
