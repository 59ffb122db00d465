import { parted } from '../../src/imports/posts/export';
import { lexicalHtml } from '../../src/imports/posts/lexical';
import { toMarkdown } from '../../src/imports/posts/markdown';
import { mobiledocHtml } from '../../src/imports/posts/mobiledoc';
import { namesOfFile, pictureName } from '../../src/imports/posts/pictures/names';

const said = (html: string) => {
  const { markdown, dropped } = toMarkdown(html);
  return [markdown, Object.fromEntries(dropped)];
};

test.each([
  [
    '<h2>One</h2><p>Two <strong>bold</strong> <em>slanted</em> <s>gone</s></p>',
    '## One\n\nTwo **bold** *slanted* ~~gone~~',
    {},
  ],
  ['<p>1 * 2_3 [x] # y</p>', '1 \\* 2\\_3 \\[x\\] # y', {}],
  ['<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>', '-   a\n-   b\n    1.  c', {}],
  [
    '<p><a href="javascript:alert(1)">x</a> <a href="https://example.org/">y</a></p>',
    'x [y](https://example.org/)',
    { link: 1 },
  ],
  [
    '<p>a</p><iframe src="https://example.org"></iframe><script>secret()</script><style>p{}</style>',
    'a',
    { iframe: 1, script: 1, style: 1 },
  ],
  [
    '<figure><img src="__GHOST_URL__/content/images/a.png" alt="A"><figcaption>Below</figcaption></figure>',
    'Below',
    { picture: 1 },
  ],
  ['<p><a href="__GHOST_URL__/other/">on</a></p>', '[on](/other/)', {}],
  ['<table><tr><th>A</th><th>B</th></tr><tr><td>1|2</td></tr></table>', '| A | B |\n| --- | --- |\n| 1\\|2 |  |', {}],
  ['<pre><code class="language-js">a &lt; b</code></pre>', '```js\na < b\n```', {}],
  [
    '<figure class="kg-card kg-bookmark-card"><a href="https://example.org/x"><div class="kg-bookmark-title">A *title*</div><img></a></figure>',
    '[A \\*title\\*](<https://example.org/x>)',
    { picture: 1 },
  ],
  ['<div class="kg-card kg-audio-card"><p>x</p></div><p>y</p>', 'y', { 'audio-card': 1 }],
  ['<p>:::</p><p>::: trend</p>', '\\:::\n\n\\::: trend', {}],
  ['<form></form><object>x</object><p>z</p>', 'z', { form: 1, object: 1 }],
])('%s', (html, markdown, dropped) => expect(said(html)).toEqual([markdown, dropped]));

const text = (words: string, format = 0) => ({ type: 'extended-text', text: words, format });
const root = (...children: object[]) => JSON.stringify({ root: { type: 'root', children } });

test.each([
  [
    root({ type: 'paragraph', children: [text('a ', 1), text('b', 3), { type: 'linebreak' }, text('<c>')] }),
    '**a** ***b***  \n<c>',
  ],
  [
    root(
      { type: 'extended-heading', tag: 'h3', children: [text('x')] },
      { type: 'extended-quote', children: [text('y')] },
    ),
    '### x\n\n> y',
  ],
  [
    root({
      type: 'list',
      listType: 'number',
      children: [{ type: 'listitem', children: [{ type: 'link', url: 'https://example.org', children: [text('l')] }] }],
    }),
    '1.  [l](https://example.org)',
  ],
  [root({ type: 'codeblock', language: 'ts', code: 'a' }, { type: 'horizontalrule' }), '```ts\na\n```\n\n---'],
])('Lexical %#', (json, markdown) => expect(toMarkdown(lexicalHtml(json)!).markdown).toBe(markdown));

test('Mobiledoc: markups, lists, cards; what is none is null and says nothing', () => {
  const document = JSON.stringify({
    markups: [['strong'], ['a', ['href', 'https://example.org']]],
    atoms: [['soft-return', '', {}]],
    cards: [
      ['hr', {}],
      ['paywall', {}],
      ['mystery', { html: 'lost' }],
    ],
    sections: [
      [
        1,
        'p',
        [
          [0, [0], 1, 'bold'],
          [0, [], 0, ' and '],
          [0, [1], 1, 'link'],
          [1, [], 0, 0],
          [0, [], 0, 'end'],
        ],
      ],
      [3, 'ul', [[[0, [], 0, 'one']]]],
      [10, 0],
      [10, 1],
      [10, 2],
    ],
  });
  const html = mobiledocHtml(document)!;
  expect(said(html)).toEqual(['**bold** and [link](https://example.org)  \nend\n\n-   one\n\n---', { object: 1 }]);
  expect(html).toContain('<!--members-only-->');
  expect([mobiledocHtml('{'), lexicalHtml('GATED words'), lexicalHtml('{}')]).toEqual([null, null, null]);
});

test('what is gated is everything behind the mark; all of it where there is none; nothing of a public post', () => {
  expect(parted('a<!--members-only-->b<!--members-only-->c', 'paid')).toEqual({
    open: 'a',
    gated: 'b<!--members-only-->c',
  });
  expect(parted('a<!-- MEMBERS-ONLY -->b', 'members')).toEqual({ open: 'a', gated: 'b' });
  expect(parted('ab', 'paid')).toEqual({ open: '', gated: 'ab' });
  expect(parted('a<!--members-only-->b', 'public')).toEqual({ open: 'ab', gated: '' });
});

test.each([
  [
    '<figure><img src="/content/images/a.png" alt="A [b]"><figcaption>Below "it"</figcaption></figure>',
    '![A \\[b\\]](a.png "Below \\"it\\"")',
  ],
  [
    '<figure><img src="/content/images/a.png"><figcaption>See <a href="/b">b</a></figcaption></figure>',
    '![See b](a.png)\n\nSee [b](/b)',
  ],
  [
    '<p>x <a href="https://e.org/content/images/a.png"><img src="/content/images/size/w9/a.png"></a> y</p>',
    'x \n\n![Unsaid](a.png)\n\n y',
  ],
  ['<h2>x <img src="/content/images/a.png" alt="A"></h2>', '## x ![A](a.png)'],
  ['<picture><source srcset="b.webp"><img src="/content/images/a.png" alt="A"></picture>', '![A](a.png)'],
  ['<table><tr><th>x<img src="/content/images/a.png"></th></tr></table>', '| x |\n| --- |'],
])('shows a picture: %s', (html, markdown) => {
  expect(toMarkdown(html, (src) => pictureName(src), 'Unsaid').markdown).toBe(markdown);
});

test.each([
  ['__GHOST_URL__/content/images/2023/05/a.png', '2023/05/a.png'],
  ['https://x.org/blog/content/images/size/w1000/format/webp/2023/05/a%20b.png?v=1', '2023/05/a b.png'],
  [
    'https://substackcdn.com/image/fetch/w_1456/https%3A%2F%2Fsubstack-post-media.s3.amazonaws.com%2Fpublic%2Fimages%2Fc-d_1x2.png',
    'c-d_1x2.png',
  ],
  ['https://x.org/content/images/../../secret.png', null],
  ['https://x.org/a.png', null],
  ['data:image/png;base64,AAAA', null],
])('a picture by its address: %s', (src, name) => {
  expect(pictureName(src)).toBe(name);
});

test.each([
  ['content/images/2023/a.png', ['2023/a.png', 'content/images/2023/a.png', 'a.png']],
  ['content/images/size/w600/2023/a.png', []],
  ['__MACOSX/content/images/2023/._a.png', []],
  ['a.png', ['a.png']],
])('a picture by its place in a folder: %s', (place, names) => {
  expect(namesOfFile(place)).toEqual(names);
});
