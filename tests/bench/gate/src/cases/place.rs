//! Where the requests go that nobody sends: each provider's own host.

use partway_domain::{Addressing, Bucket, DialectName, Key};
use partway_protocol::dialect::{Dialect, dialect};
use partway_protocol::endpoint::Endpoint;
use partway_protocol::op::Target;

/// A provider in a region.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) dialect: DialectName,
    pub(crate) host: &'static str,
    pub(crate) name: &'static str,
}

pub(crate) const COS: Region = Region {
    dialect: DialectName::Cos,
    host: "cos.ap-guangzhou.myqcloud.com",
    name: "ap-guangzhou",
};

pub(crate) const OBS: Region = Region {
    dialect: DialectName::Obs,
    host: "obs.cn-north-4.myhuaweicloud.com",
    name: "cn-north-4",
};

pub(crate) const S3: Region = Region {
    dialect: DialectName::S3,
    host: "s3.eu-central-1.amazonaws.com",
    name: "eu-central-1",
};

impl Region {
    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::new("https", self.host, self.name, Addressing::VirtualHost)
    }

    pub(crate) fn dialect(&self) -> &'static dyn Dialect {
        dialect(self.dialect)
    }

    pub(crate) fn target<'a>(&self, endpoint: &'a Endpoint) -> Target<'a> {
        Target {
            dialect: self.dialect(),
            endpoint,
        }
    }
}

pub(crate) fn bucket(word: &str) -> Bucket {
    Bucket::parse(format!("{word}-1250000000")).expect("a bucket name")
}

/// A key as people have them: not only ASCII, of middling length.
pub(crate) fn key() -> Key {
    Key::parse("projects/2026/genomes/样本 0042/reads (final).bam").expect("a key")
}
