import { KeptTexts } from '../../src/stores/kept-texts';

test('a text is made once for each key, and the one longest unused goes first', () => {
  const kept = new KeptTexts(30);
  const made: string[] = [];
  const ask = (key: string, length = 9) =>
    kept.get(key, () => {
      made.push(key);
      return key.repeat(length);
    });
  expect([ask('a'), ask('b'), ask('a'), ask('c'), ask('d'), ask('a'), ask('b')]).toEqual(
    ['a', 'b', 'a', 'c', 'd', 'a', 'b'].map((key) => key.repeat(9)),
  );
  expect(made.join('')).toBe('abcdb');
  // One that takes more than there is room for is kept by nobody, and pushes nothing out.
  ask('e', 40);
  ask('e', 40);
  ask('b');
  expect(made.join('')).toBe('abcdbee');
});
