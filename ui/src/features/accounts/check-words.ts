import { m } from "$messages";

const WORDS: Record<string, () => string> = {
  input: m.check_input,
  reach: m.check_reach,
  clock: m.check_clock,
  key: m.check_key,
  region: m.check_region,
  list_buckets: m.check_list_buckets,
  named_bucket: m.check_named_bucket,
  head_bucket: m.check_head_bucket,
  list_objects: m.check_list_objects,
  list_versions: m.check_list_versions,
  read_versioning: m.check_read_versioning,
  list_uploads: m.check_list_uploads,
  head_object: m.check_head_object,
  read_object: m.check_read_object,
  read_tags: m.check_read_tags,
  read_acl: m.check_read_acl,
  put_object: m.check_put_object,
  write_tags: m.check_write_tags,
  copy_object: m.check_copy_object,
  create_upload: m.check_create_upload,
  copy_part: m.check_copy_part,
  list_parts: m.check_list_parts,
  abort_upload: m.check_abort_upload,
  delete_object: m.check_delete_object,
};

/** A check in the user's language; an unknown one, from a newer core, as the core calls it. */
export function checkWord(name: string): string {
  return WORDS[name]?.() ?? name.replaceAll("_", " ");
}
