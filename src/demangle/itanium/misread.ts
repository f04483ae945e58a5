import { Kind } from '../kinds.ts';
import { countOf, FIRST_NODE, itemOf, kindOf, leftOf, type NodeId, nodesEnd, rightOf } from '../tree.ts';

/**
 * Whether the tree at hand has something for a type that is none: one of `noTypes`, or a template without
 * arguments. Or a parameter has cv-qualifiers, which names leave out (section 5.1.5.3), or a closure is called with
 * other parameters than its own. Then its substitutions were numbered otherwise than they were read.
 */
export function isMisread(noTypes: readonly NodeId[]): boolean {
  const never = new Set(noTypes);
  const impossible = new Set(noTypes);
  const end = nodesEnd();
  for (let at = FIRST_NODE; at < end; at++) {
    if (kindOf[at] !== Kind.Template) continue;
    const kind = kindOf[leftOf[at]!];
    if (kind === Kind.Name || kind === Kind.Qualified) impossible.add(leftOf[at]!);
  }
  for (let at = FIRST_NODE; at < end; at++) if (hasImpossible(at, impossible, never)) return true;
  return false;
}

/** A template without arguments may be an argument itself, what is in `never` not even that. */
function hasImpossible(at: NodeId, impossible: ReadonlySet<NodeId>, never: ReadonlySet<NodeId>): boolean {
  switch (kindOf[at]) {
    case Kind.Pointer:
    case Kind.LvalueReference:
    case Kind.RvalueReference:
    case Kind.CvQualified:
      return impossible.has(leftOf[at]!);
    case Kind.Function:
      return impossible.has(leftOf[at]!) || hasItem(at, impossible) || hasQualified(at);
    case Kind.Arguments:
      return hasItem(at, never);
    case Kind.Encoding:
      return callsOtherwise(leftOf[at]!, rightOf[at]!);
    default:
      return false;
  }
}

function hasItem(list: NodeId, nodes: ReadonlySet<NodeId>): boolean {
  for (let at = 0; at < countOf[list]!; at++) if (nodes.has(itemOf(list, at))) return true;
  return false;
}

function hasQualified(type: NodeId): boolean {
  for (let at = 0; at < countOf[type]!; at++) if (kindOf[itemOf(type, at)] === Kind.CvQualified) return true;
  return false;
}

/**
 * The call operator of a closure that is no template has the parameters of the closure; if it is one, it cannot
 * have the closure itself for a parameter, which has no name there.
 */
function callsOtherwise(name: NodeId, type: NodeId): boolean {
  const local = kindOf[name] === Kind.Local ? rightOf[name]! : name;
  const member = kindOf[local] === Kind.MemberQualified ? leftOf[local]! : local;
  const isTemplate = kindOf[member] === Kind.Template;
  const operator = isTemplate ? leftOf[member]! : member;
  if (kindOf[operator] !== Kind.Qualified || kindOf[rightOf[operator]!] !== Kind.Operator) return false;
  const scope = leftOf[operator]!;
  const closure = kindOf[scope] === Kind.Qualified ? rightOf[scope]! : scope;
  if (kindOf[closure] !== Kind.Closure) return false;
  if (isTemplate) return hasParameter(type, scope);
  for (let at = 0; at < countOf[type]!; at++) if (itemOf(type, at) !== itemOf(closure, at)) return true;
  return countOf[type] !== countOf[closure];
}

function hasParameter(type: NodeId, node: NodeId): boolean {
  for (let at = 0; at < countOf[type]!; at++) if (itemOf(type, at) === node) return true;
  return false;
}
