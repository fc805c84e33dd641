//! Tencent Cloud Object Storage ("Regions and Access Endpoints").

use partway_domain::{Addressing, DialectName};

use super::{Network, NetworkKind, Provider, Region};

const PUBLIC_HOST: Network = Network {
    kind: NetworkKind::Public,
    host: "cos.{region}.myqcloud.com",
};
const INTERNAL_HOST: Network = Network {
    kind: NetworkKind::Internal,
    host: "cos-internal.{region}.tencentcos.cn",
};

pub(super) const PUBLIC: Provider = Provider {
    id: "tencent",
    family: "tencent",
    en: "Tencent COS",
    zh: "腾讯云 COS",
    dialect: DialectName::Cos,
    addressing: Addressing::VirtualHost,
    networks: &[
        PUBLIC_HOST,
        INTERNAL_HOST,
        Network {
            kind: NetworkKind::Accelerate,
            host: "cos.accelerate.myqcloud.com",
        },
    ],
    regions: &[
        Region::new("ap-guangzhou", "Guangzhou", "广州"),
        Region::new("ap-shanghai", "Shanghai", "上海"),
        Region::new("ap-beijing", "Beijing", "北京"),
        Region::new("ap-nanjing", "Nanjing", "南京"),
        Region::new("ap-chengdu", "Chengdu", "成都"),
        Region::new("ap-chongqing", "Chongqing", "重庆"),
        Region::new("ap-hongkong", "Hong Kong", "中国香港"),
        Region::new("ap-singapore", "Singapore", "新加坡"),
        Region::new("ap-jakarta", "Jakarta", "雅加达"),
        Region::new("ap-seoul", "Seoul", "首尔"),
        Region::new("ap-bangkok", "Bangkok", "曼谷"),
        Region::new("ap-tokyo", "Tokyo", "东京"),
        Region::new("ap-osaka", "Osaka", "大阪"),
        Region::new("me-saudi-arabia", "Saudi Arabia", "沙特阿拉伯"),
        Region::new("na-siliconvalley", "Silicon Valley", "硅谷"),
        Region::new("na-ashburn", "Virginia", "弗吉尼亚"),
        Region::new("sa-saopaulo", "São Paulo", "圣保罗"),
        Region::new("eu-frankfurt", "Frankfurt", "法兰克福"),
        Region::new("ap-beijing-1", "Beijing, zone 1", "北京一区").closed(),
        Region::new("ap-mumbai", "Mumbai", "孟买").closed(),
        Region::new("na-toronto", "Toronto", "多伦多").closed(),
        Region::new("eu-moscow", "Moscow", "莫斯科").closed(),
    ],
};

/// Separated from the public cloud: no acceleration, no copies between the two.
pub(super) const FINANCE: Provider = Provider {
    id: "tencent-finance",
    family: "tencent",
    en: "Tencent COS, finance cloud",
    zh: "腾讯云 COS 金融云",
    dialect: DialectName::Cos,
    addressing: Addressing::VirtualHost,
    networks: &[PUBLIC_HOST, INTERNAL_HOST],
    regions: &[
        Region::new("ap-shanghai-fsi", "Shanghai, finance", "上海金融"),
        Region::new("ap-shenzhen-fsi", "Shenzhen, finance", "深圳金融"),
        Region::new("ap-beijing-fsi", "Beijing, finance", "北京金融"),
    ],
};

/// Names of regions from before 2017, as the vendor's own clients translate them.
pub(super) const ALIASES: [(&str, &str); 9] = [
    ("cossh", "ap-shanghai"),
    ("cosgz", "ap-guangzhou"),
    ("cosbj", "ap-beijing"),
    ("costj", "ap-beijing-1"),
    ("coscd", "ap-chengdu"),
    ("cossgp", "ap-singapore"),
    ("coshk", "ap-hongkong"),
    ("cosca", "na-toronto"),
    ("cosger", "eu-frankfurt"),
];
