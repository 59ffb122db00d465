import type MarkdownIt from 'markdown-it';

const MARK = /^\[([ xX])\][ \t\u00A0]+/;

/** Task lists as GitHub writes them: an item that begins with `[ ]` or `[x]` shows a box that nobody can tick. */
export function useTasks(markdown: MarkdownIt.MarkdownIt): void {
  markdown.core.ruler.push('tasks', ({ tokens, Token }) => {
    tokens.forEach((token, index) => {
      const item = tokens[index - 2];
      const [first, ...others] = token.children ?? [];
      if (token.type !== 'inline' || tokens[index - 1]?.type !== 'paragraph_open' || item?.type !== 'list_item_open')
        return;
      const found = first?.type === 'text' ? MARK.exec(first.content) : null;
      if (!first || !found) return;
      first.content = first.content.slice(found[0].length);
      const open = Object.assign(new Token('task_open', 'label', 1), { meta: { done: found[1] !== ' ' } });
      token.children = [open, first, ...others, new Token('task_close', 'label', -1)];
      item.attrJoin('class', 'task');
    });
  });
  markdown.renderer.rules['task_open'] = (tokens, index) =>
    `<label><input type="checkbox" disabled${tokens[index]!.meta?.['done'] ? ' checked' : ''}> `;
}
