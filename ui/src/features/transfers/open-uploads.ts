import { call, type Place, type UploadSize, type UploadView } from "$ipc";

const PAGE = 500;
const AGAIN_MS = 300;

/** An open upload, and what it holds; `null` where the server does not tell. */
export interface OpenUpload {
  upload: UploadView;
  size: UploadSize | null;
}

/** Open uploads of one key, as the server lists them now. */
export async function openUploadsOf(place: Place, key: string): Promise<OpenUpload[]> {
  const { account, bucket, region } = place;
  const { search } = await call("search_uploads", { account, bucket, region });
  try {
    const found = (await all(search)).filter((one) => one.upload.key === key);
    return await Promise.all(found.map(async (upload) => ({ upload, size: await sizeOf(upload) })));
  } finally {
    // A search that cannot be closed is gone already.
    call("close_upload_search", { search }).catch(() => {});
  }
}

async function all(search: number): Promise<UploadView[]> {
  const found: UploadView[] = [];
  for (;;) {
    const page = await call("uploads", { search, start: found.length, count: PAGE });
    found.push(...page.uploads);
    if (page.uploads.length > 0) continue;
    const [problem] = page.status.problems;
    if (page.status.complete && problem && found.length === 0) throw problem.error;
    if (page.status.complete) return found;
    await new Promise((done) => setTimeout(done, AGAIN_MS));
  }
}

function sizeOf(upload: UploadView): Promise<UploadSize | null> {
  return call("upload_size", upload.upload).catch(() => null);
}
