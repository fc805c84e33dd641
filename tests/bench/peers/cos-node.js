// One large copy by Tencent's library for Node.js, with its own resume: it keeps the names of its
// uploads in the home folder. Words: the server's address, parts at once, bytes of a part.
const COS = require("cos-nodejs-sdk-v5");

const [url, atOnce, part] = process.argv.slice(2);
const { port } = new URL(url);

// It wants a domain with the bucket in it: every name is this machine.
const dns = require("node:dns");
const { lookup } = dns;
dns.lookup = (_name, options, done) => lookup("127.0.0.1", options, done);

const cos = new COS({
  SecretId: process.env.AWS_ACCESS_KEY_ID,
  SecretKey: process.env.AWS_SECRET_ACCESS_KEY,
  Protocol: "http:",
  Domain: `{Bucket}.cos.local.myqcloud.com:${port}`,
  KeepAlive: true,
  // Where it remembers its uploads.
  ConfCwd: process.env.HOME,
  CopyChunkParallelLimit: Number(atOnce),
  CopyChunkSize: Number(part),
});

const copy = {
  Bucket: "target-1250000000",
  Region: "local",
  Key: "big",
  CopySource: `source-1250000000.cos.local.myqcloud.com/big`,
};

cos.sliceCopyFile(copy, (error) => {
  if (error) console.error(error);
  process.exit(error ? 1 : 0);
});
