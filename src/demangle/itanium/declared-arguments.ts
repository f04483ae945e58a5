import { Kind } from '../kinds.ts';
import { kindOf, type NodeId, rightOf } from '../tree.ts';

/** A template argument itself, without the declaration of its parameter that may stand in front (section 5.1.5.8). */
export function undeclared(argument: NodeId): NodeId {
  return kindOf[argument] === Kind.DeclaredArgument ? rightOf[argument]! : argument;
}
