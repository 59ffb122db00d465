import { shortened } from '../../src/issues/compose';
import { withInlineStyles } from '../../src/issues/inline-styles';
import { plainTextOf } from '../../src/issues/plain-text';
import { readUnsubscribeToken, unsubscribeToken } from '../../src/issues/unsubscribe-token';

test('looks stand in each element, and text that looks like one is left alone', () => {
  const html = withInlineStyles('<p dir="auto">&lt;p&gt; <a href="https://example.org/?a=1">x</a></p><hr>');
  expect(html).toMatch(/^<p style="[^"]+" dir="auto">&lt;p&gt; <a class="link" style="[^"]+" href="https:/);
});

test('the plain text says the same as the HTML', () => {
  const said = plainTextOf(
    '<h2>A <em>heading</em></h2>\n<p>Tea &amp; biscuits,\n <a href="https://example.org/">here</a>.</p><ul><li>One</li><li><p>Two</p></li></ul>',
  );
  expect(said).toBe('A heading\n---------\n\nTea & biscuits, here (https://example.org/).\n\n- One\n- Two');
});

test('a text that is too long ends after a word', () => {
  expect([shortened('A few words', 11), shortened('A few words', 8)]).toEqual(['A few words', 'A few…']);
});

test('a token of one secret is read by whoever has it, and by nobody else', () => {
  const id = '01234567-89ab-4def-8123-456789abcdef';
  const token = unsubscribeToken(id, ['new', 'old']);
  expect(readUnsubscribeToken(token, ['newer', 'new'])).toBe(id);
  expect(readUnsubscribeToken(token, ['old'])).toBeNull();
  expect(readUnsubscribeToken(`${token.slice(0, -2)}AA`, ['new'])).toBeNull();
});
