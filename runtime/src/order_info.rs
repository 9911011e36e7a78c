//! Orders of work as the runtime API tells them.

use alloc::vec::Vec;
use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, HolderInfo, NodeWork, PlaceInfo, SessionInfo, Settled},
    orders::OrderId,
};
use pallet_work_orders::{relay_pay, Job, Order, Orders, Place, Progress, Stage};

use crate::*;

/// Where a node says that it is reached; nothing if it is registered no more.
fn endpoint(node: &NodeKey) -> Vec<u8> {
    WorkNodes::node(*node).map(|node| node.endpoint.into_inner()).unwrap_or_default()
}

pub(crate) fn session(id: OrderId) -> Option<SessionInfo<AccountId>> {
    let Order { owner, job, stage, places, .. } = Orders::<Runtime>::get(id)?;
    let Job::Relay { client, volume, price_per_mb } = job else { return None };
    let relay = |place: Place<AccountId>| PlaceInfo {
        endpoint: endpoint(&place.worker.node),
        node: place.worker.node,
        entity: place.worker.entity,
        settled: match place.progress {
            Progress::Redeemed { bytes } => {
                Some(Settled { bytes, pay: relay_pay(bytes, price_per_mb).unwrap_or_default() })
            }
            _ => None,
        },
    };
    let expires = match stage {
        Stage::Waiting { .. } => None,
        Stage::Running { until } => Some(WorkOrders::chain_tick(until)),
    };
    let relays = places.into_iter().map(relay).collect();
    Some(SessionInfo { owner, client, volume, price_per_mb, relays, drawn: expires.is_some(), expires })
}

pub(crate) fn deal(id: OrderId) -> Option<DealInfo<AccountId>> {
    let Order { owner, job, stage, places, .. } = Orders::<Runtime>::get(id)?;
    let Job::Storage { root, bytes, challenges, .. } = job else { return None };
    let holder = |place: Place<AccountId>| {
        let (left, missed) = match place.progress {
            Progress::Pledged { left, missed, .. } => (left, missed),
            Progress::Drawn => (challenges, 0),
            Progress::Redeemed { .. } | Progress::Ended => (0, 0),
        };
        HolderInfo {
            endpoint: endpoint(&place.worker.node),
            node: place.worker.node,
            entity: place.worker.entity,
            pledged: place.progress != Progress::Drawn,
            ended: place.progress.is_over(),
            left,
            missed,
        }
    };
    let holders = places.into_iter().map(holder).collect();
    let drawn = matches!(stage, Stage::Running { .. });
    Some(DealInfo { owner, root, bytes, holders, challenges_each: challenges, drawn })
}

/// Looks at every order.
pub(crate) fn work_of(node: &NodeKey) -> NodeWork {
    let mut work = NodeWork::default();
    for (id, order) in Orders::<Runtime>::iter() {
        match order.job {
            _ if order.place_of(node).is_none() => {}
            Job::Relay { .. } => work.sessions.push(id),
            Job::Storage { .. } => work.deals.push(id),
        }
    }
    work
}
