import { nameStatements } from '../../src/stores/postgres/statement-names';

test('a text has one name, another text another, and after the last name the empty one', () => {
  const nameOf = nameStatements(2);
  const first = nameOf({ sql: 'SELECT 1' });
  const second = nameOf({ sql: 'SELECT 2' });
  expect(new Set([first, second, '']).size).toBe(3);
  expect(nameOf({ sql: 'SELECT 3' })).toBe('');
  expect([nameOf({ sql: 'SELECT 1' }), nameOf({ sql: 'SELECT 2' })]).toEqual([first, second]);
});
