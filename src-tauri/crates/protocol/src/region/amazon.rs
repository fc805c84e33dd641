//! Amazon S3 in its four partitions ("Amazon Simple Storage Service endpoints and quotas").

use partway_domain::{Addressing, DialectName};

use super::{Network, NetworkKind, Provider, Region};

pub(super) const PUBLIC: Provider = Provider {
    id: "aws",
    family: "aws",
    en: "Amazon S3",
    zh: "Amazon S3",
    dialect: DialectName::S3,
    addressing: Addressing::VirtualHost,
    networks: &[
        Network {
            kind: NetworkKind::Public,
            host: "s3.{region}.amazonaws.com",
        },
        Network {
            kind: NetworkKind::Dualstack,
            host: "s3.dualstack.{region}.amazonaws.com",
        },
        Network {
            kind: NetworkKind::Fips,
            host: "s3-fips.{region}.amazonaws.com",
        },
    ],
    regions: &[
        Region::new("us-east-1", "N. Virginia", "弗吉尼亚北部"),
        Region::new("us-east-2", "Ohio", "俄亥俄"),
        Region::new("us-west-1", "N. California", "加利福尼亚北部"),
        Region::new("us-west-2", "Oregon", "俄勒冈"),
        Region::new("ca-central-1", "Central Canada", "加拿大中部"),
        Region::new("ca-west-1", "Calgary", "卡尔加里"),
        Region::new("mx-central-1", "Central Mexico", "墨西哥中部"),
        Region::new("sa-east-1", "São Paulo", "圣保罗"),
        Region::new("eu-central-1", "Frankfurt", "法兰克福"),
        Region::new("eu-central-2", "Zurich", "苏黎世"),
        Region::new("eu-west-1", "Ireland", "爱尔兰"),
        Region::new("eu-west-2", "London", "伦敦"),
        Region::new("eu-west-3", "Paris", "巴黎"),
        Region::new("eu-north-1", "Stockholm", "斯德哥尔摩"),
        Region::new("eu-south-1", "Milan", "米兰"),
        Region::new("eu-south-2", "Spain", "西班牙"),
        Region::new("ap-northeast-1", "Tokyo", "东京"),
        Region::new("ap-northeast-2", "Seoul", "首尔"),
        Region::new("ap-northeast-3", "Osaka", "大阪"),
        Region::new("ap-southeast-1", "Singapore", "新加坡"),
        Region::new("ap-southeast-2", "Sydney", "悉尼"),
        Region::new("ap-southeast-3", "Jakarta", "雅加达"),
        Region::new("ap-southeast-4", "Melbourne", "墨尔本"),
        Region::new("ap-southeast-5", "Malaysia", "马来西亚"),
        Region::new("ap-southeast-6", "New Zealand", "新西兰"),
        Region::new("ap-southeast-7", "Thailand", "泰国"),
        Region::new("ap-south-1", "Mumbai", "孟买"),
        Region::new("ap-south-2", "Hyderabad", "海得拉巴"),
        Region::new("ap-east-1", "Hong Kong", "中国香港"),
        Region::new("ap-east-2", "Taipei", "台北"),
        Region::new("af-south-1", "Cape Town", "开普敦"),
        Region::new("il-central-1", "Tel Aviv", "特拉维夫"),
        Region::new("me-central-1", "UAE", "阿联酋"),
        Region::new("me-south-1", "Bahrain", "巴林"),
    ],
};

pub(super) const CHINA: Provider = Provider {
    id: "aws-cn",
    family: "aws",
    en: "Amazon S3 in China",
    zh: "Amazon S3 中国区",
    dialect: DialectName::S3,
    addressing: Addressing::VirtualHost,
    networks: &[
        Network {
            kind: NetworkKind::Public,
            host: "s3.{region}.amazonaws.com.cn",
        },
        Network {
            kind: NetworkKind::Dualstack,
            host: "s3.dualstack.{region}.amazonaws.com.cn",
        },
    ],
    regions: &[
        Region::new("cn-north-1", "Beijing", "北京"),
        Region::new("cn-northwest-1", "Ningxia", "宁夏"),
    ],
};

pub(super) const GOVERNMENT: Provider = Provider {
    id: "aws-us-gov",
    family: "aws",
    en: "Amazon S3, US government",
    zh: "Amazon S3 美国政府区",
    networks: PUBLIC.networks,
    regions: &[
        Region::new("us-gov-west-1", "GovCloud, US-West", "美国政府西部"),
        Region::new("us-gov-east-1", "GovCloud, US-East", "美国政府东部"),
    ],
    ..PUBLIC
};

pub(super) const EUROPE: Provider = Provider {
    id: "aws-eusc",
    family: "aws",
    en: "Amazon S3, European Sovereign Cloud",
    zh: "Amazon S3 欧洲主权云",
    networks: &[Network {
        kind: NetworkKind::Public,
        host: "s3.{region}.amazonaws.eu",
    }],
    regions: &[Region::new("eusc-de-east-1", "Brandenburg", "勃兰登堡")],
    ..PUBLIC
};
