import { CURRENCIES, currencyOf, SMALL_UNITS } from '../../src/lib/currencies';
import { highestPrice, isWhole, lowestCharge, parseMoney, formatMoney, moneyInput } from '../../src/lib/money';

/** As https://docs.stripe.com/currencies lists them; every other one has two decimals. */
const ZERO = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ');
const THREE = 'bhd jod kwd omr tnd'.split(' ');
/** "The decimal amount is always 00." */
const ROUND = ['isk', 'ugx'];

const decimalsOf = (code: string): number => (ZERO.includes(code) ? 0 : THREE.includes(code) ? 3 : 2);
const codes = [...CURRENCIES.keys()];
/** Figures of a written amount, whatever stands around and between them. */
const figures = (text: string): string => text.replace(/[^\d.]/g, '').replace(/^\.|\.$/g, '');

test.each([
  ['en', 4900, 'eur', '€49'],
  ['en', 4950, 'EUR', '€49.50'],
  ['es', 123_456, 'eur', '1234,56 €'],
  ['en', 0, 'eur', '€0'],
  ['en', -250, 'eur', '-€2.50'],
  ['en', 500, 'jpy', '¥500'],
  ['en', 1000, 'isk', 'kr 10'],
  ['en', 500, 'ugx', 'UGX 5'],
  ['en', 1500, 'kwd', 'KWD 1.500'],
  ['en', 490_000, 'huf', 'Ft 4,900'],
  ['en', 490_050, 'huf', 'Ft 4,900.50'],
  ['es', 490_000, 'huf', '4900 Ft'],
  ['en', 12_000_000, 'cop', '$120,000'],
  ['en', 4900, 'xts', 'XTS 49'],
])('in %s %d of %s is %s', (code, amount, currency, words) => {
  expect(formatMoney(code, amount, currency).replace(/\u00a0/g, ' ')).toBe(words);
});

test('every currency of Stripe is counted as Stripe counts it, whatever ICU says of it', () => {
  expect(codes).toHaveLength(139);
  for (const code of codes) {
    const decimals = decimalsOf(code);
    expect([code, currencyOf(code).decimals, currencyOf(code.toUpperCase())]).toEqual([
      code,
      decimals,
      currencyOf(code),
    ]);
    const amount = 4900 * 10 ** decimals;
    expect([
      code,
      figures(formatMoney('en', amount, code)),
      parseMoney('4900', code),
      moneyInput(amount, code),
    ]).toEqual([code, '4900', amount, (4900).toFixed(decimals)]);
    expect([code, parseMoney(moneyInput(amount, code), code)]).toEqual([code, amount]);
    expect([code, isWhole(code)]).toEqual([code, ZERO.includes(code) || ROUND.includes(code)]);
    // A part of a unit is written with all its decimals, read back, and refused where there is none.
    if (ZERO.includes(code)) expect([code, parseMoney('49.5', code)]).toEqual([code, null]);
    else if (ROUND.includes(code))
      expect([code, parseMoney('49.50', code), parseMoney('49.00', code)]).toEqual([code, null, 4900]);
    else {
      const part = 49.5 * 10 ** decimals;
      expect([code, figures(formatMoney('en', part, code)), parseMoney('49,5', code)]).toEqual([
        code,
        (49.5).toFixed(decimals),
        part,
      ]);
    }
    const smallest = (10 ** -decimals).toFixed(decimals);
    expect([code, parseMoney(smallest, code)]).toEqual([code, THREE.includes(code) || ROUND.includes(code) ? null : 1]);
  }
});

test('a price is asked for between what Stripe charges at least and what is no slip of the finger', () => {
  expect(
    ['eur', 'gbp', 'huf', 'jpy', 'thb', 'kwd', 'isk', 'bbd'].map((code) => moneyInput(lowestCharge(code), code)),
  ).toEqual([...['0.50', '0.30', '175.00', '50', '10.00', '0.010', '1.00', '0.01']]);
  expect(parseMoney('120000', 'cop')).toBe(12_000_000);
  for (const code of codes) {
    expect([code, lowestCharge(code) < highestPrice(code), highestPrice(code) < 2 ** 31]).toEqual([code, true, true]);
    // Five hundred dollars a year in the weakest currency are some 45 million of its units; 20 million fit here.
    expect([code, highestPrice(code) >= (SMALL_UNITS.has(code) ? 2e7 : 1e5 - 1) * 10 ** decimalsOf(code)]).toEqual([
      code,
      true,
    ]);
  }
  expect([...SMALL_UNITS].filter((code) => !CURRENCIES.has(code))).toEqual([]);
});

test('what is no amount is none', () => {
  for (const given of ['', ' ', 'x', '1e3', '-4', '4,900.50', '4.9005', '12345678901', '+1', '٤٩'])
    expect([given, parseMoney(given, 'eur')]).toEqual([given, null]);
  expect([parseMoney(' 12,50 ', 'eur'), parseMoney('007', 'eur')]).toEqual([1250, 700]);
});
