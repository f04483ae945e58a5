import { Kind } from '../kinds.ts';
import { kindOf, leftOf, type NodeId, numberOf, rightOf } from '../tree.ts';

/** The Qualifier bits of the member function that a name, which may be local, ends with. */
export function memberQualifiers(name: NodeId): number {
  let at = name;
  if (kindOf[at] === Kind.Local) at = rightOf[at]!;
  if (kindOf[at] === Kind.DefaultArgument) at = leftOf[at]!;
  return kindOf[at] === Kind.MemberQualified ? numberOf[at]! : 0;
}
