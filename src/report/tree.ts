/** A node to draw. The label is shown as it is: a caller makes text from files `printable` first. */
export interface TreeNode {
  readonly label: string;
  readonly children: readonly TreeNode[];
}

/**
 * A tree drawn with box characters, one line a node, the root without a branch. Works on an explicit stack,
 * so that no chain of libraries is too deep for it.
 */
export function renderTree(root: TreeNode): string {
  const lines: string[] = [];
  const stack: { node: TreeNode; branch: string; below: string }[] = [{ node: root, branch: '', below: '' }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    lines.push(top.branch + top.node.label);
    const { children } = top.node;
    for (let index = children.length - 1; index >= 0; index--) {
      const isLast = index === children.length - 1;
      stack.push({
        node: children[index]!,
        branch: `${top.below}${isLast ? '└── ' : '├── '}`,
        below: `${top.below}${isLast ? '    ' : '│   '}`,
      });
    }
  }
  return `${lines.join('\n')}\n`;
}
