import { Kind } from '../kinds.ts';
import {
  countOf,
  itemOf,
  kindOf,
  leftOf,
  type NodeId,
  nodesEnd,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { undeclared } from './declared-arguments.ts';

/**
 * Whether a type in a constraint is the class template around the entity with its own parameters for arguments,
 * which inside of the class is the class itself. `enclosing`: the arguments of the templates around, the
 * outermost first.
 */
export function isCurrentInstantiation(type: NodeId, enclosing: readonly NodeId[]): boolean {
  if (kindOf[type] !== Kind.Template) return false;
  const args = rightOf[type]!;
  const count = countOf[args]!;
  if (count === 0) return false;
  const level = textOf(parameterIn(itemOf(args, 0))) || '0';
  for (let at = 0; at < count; at++) {
    const parameter = parameterIn(itemOf(args, at));
    if (parameter === 0 || numberOf[parameter] !== at || (textOf(parameter) || '0') !== level) return false;
  }
  const own = enclosing[Number(level)] ?? 0;
  return own !== 0 && countOf[own] === count && baseName(templateWith(own)) === baseName(leftOf[type]!);
}

/** The parameter that an argument is, or expands; 0 when it is none. */
function parameterIn(argument: NodeId): NodeId {
  let at = undeclared(argument);
  if (kindOf[at] === Kind.Arguments && countOf[at] === 1) at = itemOf(at, 0);
  if (kindOf[at] === Kind.PackExpansion) at = leftOf[at]!;
  return kindOf[at] === Kind.TemplateParameter ? at : 0;
}

/** The template that was read with these arguments: its node is made as soon as they are complete. */
function templateWith(args: NodeId): NodeId {
  const end = nodesEnd();
  for (let at = args + 1; at < end; at++)
    if (kindOf[at] === Kind.Template && rightOf[at] === args) return leftOf[at]!;
  return 0;
}

/** A class in a class template is qualified by the template around it, which is written in more than one way. */
function baseName(template: NodeId): string {
  let at = template;
  while (kindOf[at] === Kind.Qualified) at = rightOf[at]!;
  return textOf(at);
}
