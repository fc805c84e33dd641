//! The providers that are offered by name, as the contract speaks of them.

use partway_protocol::region::{NetworkKind, PROVIDERS, Provider};

use crate::contract::{Network, NetworkChoice, ProviderChoice, RegionChoice};

/// All of them, in the order they are offered.
pub fn providers() -> Vec<ProviderChoice> {
    PROVIDERS.iter().map(choice).collect()
}

fn choice(provider: &Provider) -> ProviderChoice {
    ProviderChoice {
        id: provider.id.to_owned(),
        family: provider.family.to_owned(),
        en: provider.en.to_owned(),
        zh: provider.zh.to_owned(),
        dialect: provider.dialect.into(),
        addressing: provider.addressing.into(),
        networks: provider
            .networks
            .iter()
            .map(|network| NetworkChoice {
                kind: kind(network.kind),
                host: network.host.to_owned(),
            })
            .collect(),
        regions: provider
            .regions
            .iter()
            .map(|region| RegionChoice {
                code: region.code.to_owned(),
                en: region.en.to_owned(),
                zh: region.zh.to_owned(),
                closed: region.closed,
                host: region.host.map(str::to_owned),
            })
            .collect(),
    }
}

fn kind(kind: NetworkKind) -> Network {
    match kind {
        NetworkKind::Public => Network::Public,
        NetworkKind::Internal => Network::Internal,
        NetworkKind::Accelerate => Network::Accelerate,
        NetworkKind::Dualstack => Network::Dualstack,
        NetworkKind::Fips => Network::Fips,
    }
}
