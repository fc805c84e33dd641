import { describe, expect, it } from "vitest";
import { lacksKey, replacedBy, withEncryption, withTerms } from "./terms";

describe("terms", () => {
  it("are nothing again once nothing is asked for", () => {
    const asked = withTerms(null, { acl: "private" });
    expect(asked?.acl).toBe("private");
    expect(withTerms(asked, { acl: null })).toBeNull();
  });

  it("lose what belonged to another encryption", () => {
    const kms = withTerms(withEncryption(null, "kms"), { kms_key: "k" });
    expect(kms?.kms_key).toBe("k");
    expect(withEncryption(kms, "kms-dual-layer")?.kms_key).toBe("k");
    expect(withEncryption(kms, "aes256")?.kms_key).toBeNull();
    expect(withEncryption(kms, null)).toBeNull();
  });

  it("say what takes the place of the sources' own", () => {
    expect(replacedBy(null)).toEqual({ properties: null, tags: null });
    const bare = withTerms(null, { properties: { headers: [], metadata: [] } });
    expect(replacedBy(bare)).toEqual({ properties: 0, tags: null });
    const tagged = withTerms(bare, { properties: undefined, tags: [["a", "1"]] });
    expect(replacedBy(tagged)).toEqual({ properties: null, tags: 1 });
    expect(withTerms(tagged, { tags: undefined })).toBeNull();
  });

  it("want the key of one's own", () => {
    const own = withEncryption(null, "customer");
    expect(lacksKey(own)).toBe(true);
    expect(lacksKey(withTerms(own, { key_md5: "m" }))).toBe(false);
    expect(lacksKey(null)).toBe(false);
  });
});
