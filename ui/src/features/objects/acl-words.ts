import type { ObjectAcl } from "$ipc";
import { m } from "$messages";

export function permissionWord(permission: string): string {
  switch (permission) {
    case "read":
      return m.acl_read();
    case "write":
      return m.acl_write();
    case "read-acp":
      return m.acl_read_acp();
    case "write-acp":
      return m.acl_write_acp();
    case "full-control":
      return m.acl_full();
    default:
      return permission;
  }
}

export function granteeWord(grantee: string): string {
  if (grantee === "everyone") return m.acl_everyone();
  return grantee === "signed-in" ? m.acl_signed_in() : grantee;
}

/** Whether somebody without a key can read the object. */
export function isPublic(acl: ObjectAcl): boolean {
  const reads = (permission: string) => permission === "read" || permission === "full-control";
  return acl.grants.some((grant) => grant.grantee === "everyone" && reads(grant.permission));
}
