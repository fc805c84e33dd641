//! Huawei OBS in its three clouds ("Regions and Endpoints" of each).

use partway_domain::{Addressing, DialectName};

use super::{Network, NetworkKind, Provider, Region};

pub(super) const PUBLIC: Provider = Provider {
    id: "huawei",
    family: "huawei",
    en: "Huawei Cloud OBS",
    zh: "华为云 OBS",
    dialect: DialectName::Obs,
    addressing: Addressing::VirtualHost,
    networks: &[Network {
        kind: NetworkKind::Public,
        host: "obs.{region}.myhuaweicloud.com",
    }],
    regions: &[
        Region::new("cn-north-4", "Beijing 4", "华北-北京四"),
        Region::new("cn-north-1", "Beijing 1", "华北-北京一"),
        Region::new("cn-north-2", "Beijing 2", "华北-北京二"),
        Region::new("cn-north-9", "Ulanqab 1", "华北-乌兰察布一"),
        Region::new("cn-east-2", "Shanghai 2", "华东-上海二"),
        Region::new("cn-east-3", "Shanghai 1", "华东-上海一"),
        Region::new("cn-east-4", "East China 2", "华东二"),
        Region::new("cn-east-5", "Qingdao", "华东-青岛"),
        Region::new("cn-south-1", "Guangzhou", "华南-广州"),
        Region::new("cn-south-2", "Shenzhen", "华南-深圳"),
        Region::new(
            "cn-south-4",
            "Guangzhou, invited users",
            "华南-广州-友好用户环境",
        ),
        Region::new("cn-southwest-2", "Guiyang 1", "西南-贵阳一"),
        Region::new("cn-southwest-3", "Guiyang 2", "西南-贵阳二"),
        Region::new("ap-southeast-1", "Hong Kong", "中国-香港"),
        Region::new("ap-southeast-2", "Bangkok", "亚太-曼谷"),
        Region::new("ap-southeast-3", "Singapore", "亚太-新加坡"),
        Region::new("ap-southeast-4", "Jakarta", "亚太-雅加达"),
        Region::new("af-south-1", "Johannesburg", "非洲-约翰内斯堡"),
        Region::new("af-north-1", "Cairo", "非洲-开罗"),
        Region::new("la-north-2", "Mexico City 2", "拉美-墨西哥城二"),
        Region::new("la-south-2", "Santiago", "拉美-圣地亚哥"),
        Region::new("na-mexico-1", "Mexico City 1", "拉美-墨西哥城一"),
        Region::new("sa-brazil-1", "São Paulo", "拉美-圣保罗一"),
        Region::new("sa-chile-1", "Chile", "拉美-智利"),
        Region::new("sa-argentina-1", "Buenos Aires", "拉美-布宜诺斯艾利斯一"),
        Region::new("sa-peru-1", "Lima", "拉美-利马一"),
        Region::new("me-east-1", "Riyadh", "中东-利雅得"),
        Region::new("tr-west-1", "Istanbul", "土耳其-伊斯坦布尔"),
        Region::new("ru-northwest-2", "Saint Petersburg 2", "俄罗斯-圣彼得堡二").closed(),
    ],
};

pub(super) const EUROPE: Provider = Provider {
    id: "huawei-eu",
    family: "huawei",
    en: "Huawei Cloud Europe OBS",
    zh: "华为云欧洲站 OBS",
    dialect: DialectName::Obs,
    addressing: Addressing::VirtualHost,
    networks: &[Network {
        kind: NetworkKind::Public,
        host: "obs.{region}.myhuaweicloud.eu",
    }],
    regions: &[Region::new("eu-west-101", "Dublin", "欧洲-都柏林")],
};

pub(super) const OPEN_TELEKOM: Provider = Provider {
    id: "otc",
    family: "otc",
    en: "Open Telekom Cloud OBS",
    zh: "Open Telekom Cloud OBS",
    dialect: DialectName::Obs,
    addressing: Addressing::VirtualHost,
    networks: &[Network {
        kind: NetworkKind::Public,
        host: "obs.{region}.otc.t-systems.com",
    }],
    regions: &[
        Region::new("eu-de", "Germany", "德国"),
        Region::new("eu-nl", "Netherlands", "荷兰"),
        Region::new("eu-ch2", "Switzerland", "瑞士").at("obs.eu-ch2.sc.otc.t-systems.com"),
    ],
};
