import { parseTerms } from '../../src/search/terms';

test.each([
  ['cloud mistral', ['cloud', 'mistral']],
  ['"cloud service" mistral', ['"cloud service"', 'mistral']],
  ['cloud -azure', ['cloud', '-azure']],
  ['-"cloud service" azure', ['-"cloud service"', 'azure']],
  ['econom*', ['econom*']],
  ['-econom*', ['-econom*']],
  ['"never closed', ['"never closed"']],
  ['a"b c"d', ['a"b', 'c"d']],
  ['- -- * "" "…" señal', ['señal']],
  ["it's O'Brien & co | (x) !y <-> z:*", ["it's", "O'Brien", 'co', '(x)', '!y', 'z:*']],
  ['1 2 3 4 5 6 7 8 9 10 11 12 13 14', ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12']],
])('%s', (typed, terms) => {
  expect(
    parseTerms(typed).map(
      ({ text, mode, not }) =>
        `${not ? '-' : ''}${mode === 'phrase' ? `"${text}"` : text}${mode === 'beginning' ? '*' : ''}`,
    ),
  ).toEqual(terms);
});
