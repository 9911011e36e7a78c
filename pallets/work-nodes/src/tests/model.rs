//! Random calls against a plain model of who stands where: what it refuses is refused, and what it does is done.

use std::collections::{BTreeMap, BTreeSet};

use ergon_primitives::nodes::{PoolId, Service, Services};
use proptest::prelude::*;

use crate::{mock::*, *};

/// A call, or a validator that comes or goes.
#[derive(Clone, Debug)]
enum Step {
    Validator(AccountId),
    Create(AccountId),
    Offer(AccountId, PoolId, Option<AccountId>),
    Accept(AccountId, PoolId),
    Close(AccountId, PoolId),
    Register(AccountId, u64, Services),
    Update(AccountId, u64, Services),
    Remove(AccountId, u64),
    Join(AccountId, u64, PoolId),
    Admit(AccountId, u64),
    Leave(AccountId, u64),
    Expel(AccountId, u64),
}

/// Everything as it should be, without counts or lists.
#[derive(Clone, Debug, Default)]
struct Model {
    validators: BTreeSet<AccountId>,
    pools: BTreeMap<PoolId, (AccountId, Option<AccountId>)>,
    next: PoolId,
    nodes: BTreeMap<u64, (AccountId, Services, Standing)>,
}

impl Model {
    /// Pools that `who` stands in or asks for, but for what `node` does.
    fn bound(&self, who: AccountId, node: Option<u64>) -> BTreeSet<PoolId> {
        let runs = self.pools.iter().filter(|(_, (operator, _))| *operator == who).map(|(pool, _)| *pool);
        let owned = self.nodes.iter().filter(|(key, (owner, ..))| *owner == who && Some(**key) != node);
        let asked = owned.filter_map(|(_, (.., standing))| standing.pool());
        runs.chain(asked).filter(|pool| self.pools.contains_key(pool)).collect()
    }

    /// Pools that `who` runs or has a node in.
    fn stands(&self, who: AccountId) -> BTreeSet<PoolId> {
        let runs = self.pools.iter().filter(|(_, (operator, _))| *operator == who).map(|(pool, _)| *pool);
        let nodes = self.nodes.values().filter(|(owner, ..)| *owner == who);
        let member = nodes.filter_map(|(.., standing)| match standing {
            Standing::In(pool) => Some(*pool),
            _ => None,
        });
        runs.chain(member).collect()
    }

    fn in_pool(&self, pool: PoolId) -> bool {
        self.nodes.values().any(|(.., standing)| *standing == Standing::In(pool))
    }

    /// Whether `who` may become an operator, of `pool` if it is given.
    fn may_run(&self, who: AccountId, pool: Option<PoolId>) -> bool {
        let runs_none = self.pools.values().all(|(operator, _)| *operator != who);
        self.validators.contains(&who)
            && runs_none
            && self.bound(who, None).into_iter().all(|bound| Some(bound) == pool)
    }

    fn rules(&self, who: AccountId, pool: PoolId) -> bool {
        self.pools.get(&pool).is_some_and(|(operator, _)| *operator == who || !self.validators.contains(operator))
    }

    /// What it does; `None` if it is refused. Says the rules once more, in the plainest way.
    fn step(&mut self, step: &Step) -> Option<()> {
        let empty = Services::default();
        match *step {
            Step::Validator(who) => {
                if !self.validators.remove(&who) {
                    self.validators.insert(who);
                }
            }
            Step::Create(who) => {
                self.may_run(who, None).then_some(())?;
                self.pools.insert(self.next, (who, None));
                self.next += 1;
            }
            Step::Offer(who, pool, to) => {
                self.pools.get_mut(&pool).filter(|(operator, _)| *operator == who)?.1 = to;
            }
            Step::Accept(who, pool) => {
                let offered = self.pools.get(&pool)?.1 == Some(who);
                (offered && self.may_run(who, Some(pool))).then_some(())?;
                self.pools.insert(pool, (who, None));
            }
            Step::Close(who, pool) => {
                (self.rules(who, pool) && !self.in_pool(pool)).then_some(())?;
                self.pools.remove(&pool);
            }
            Step::Register(who, node, services) => {
                (services != empty && !self.nodes.contains_key(&node)).then_some(())?;
                self.nodes.insert(node, (who, services, Standing::Alone));
            }
            Step::Update(who, node, services) => {
                (services != empty).then_some(())?;
                self.nodes.get_mut(&node).filter(|(owner, ..)| *owner == who)?.1 = services;
            }
            Step::Remove(who, node) => {
                self.nodes.get(&node).filter(|(owner, ..)| *owner == who)?;
                self.nodes.remove(&node);
            }
            Step::Join(who, node, pool) => {
                let (owner, _, standing) = *self.nodes.get(&node)?;
                let (operator, _) = *self.pools.get(&pool)?;
                let member = matches!(standing, Standing::In(_));
                let asked = standing == Standing::Asks(pool) && operator != who;
                let elsewhere = self.bound(who, Some(node)).into_iter().any(|bound| bound != pool);
                let gone = !self.validators.contains(&operator);
                (owner == who && !member && !asked && !elsewhere && !gone).then_some(())?;
                let to = if operator == who { Standing::In(pool) } else { Standing::Asks(pool) };
                self.nodes.get_mut(&node)?.2 = to;
            }
            Step::Admit(who, node) => {
                let Standing::Asks(pool) = self.nodes.get(&node)?.2 else { return None };
                let (operator, _) = *self.pools.get(&pool)?;
                (operator == who && self.validators.contains(&who)).then_some(())?;
                self.nodes.get_mut(&node)?.2 = Standing::In(pool);
            }
            Step::Leave(who, node) => {
                let (owner, _, standing) = *self.nodes.get(&node)?;
                (owner == who && standing != Standing::Alone).then_some(())?;
                self.nodes.get_mut(&node)?.2 = Standing::Alone;
            }
            Step::Expel(who, node) => {
                let pool = self.nodes.get(&node)?.2.pool()?;
                self.rules(who, pool).then_some(())?;
                self.nodes.get_mut(&node)?.2 = Standing::Alone;
            }
        }
        Some(())
    }

    /// Whether the pallet says the same.
    fn check(&self) {
        let pools: BTreeMap<_, _> =
            Pools::<Test>::iter().map(|(id, pool)| (id, (pool.operator, pool.offered))).collect();
        assert_eq!(pools, self.pools);
        let nodes = self.nodes.iter().map(|(node, rest)| (key(*node), *rest)).collect::<BTreeMap<_, _>>();
        let of = |node: Node<AccountId>| (node.owner, node.services, node.standing);
        let stored: BTreeMap<_, _> = Registry::<Test>::iter().map(|(key, node)| (key, of(node))).collect();
        assert_eq!(stored, nodes);
        for who in 1..=5 {
            let owned = self.nodes.values().filter(|(owner, ..)| *owner == who).count() as u128;
            let runs = self.pools.values().filter(|(operator, _)| *operator == who).count() as u128;
            assert_eq!(held(who), (100 * runs, 10 * owned));
            let stands = self.stands(who);
            assert!(stands.len() <= 1, "an account stands in one pool");
            assert_eq!(WorkNodes::stands_in(&who), stands.first().copied());
        }
        self.check_draw();
    }

    /// With so few pools a draw of three finds all that can be found, up to three.
    fn check_draw(&self) {
        for (service, party) in [(Service::Relay, 1), (Service::Storage, 4)] {
            let offers = |pool: &PoolId| {
                let mut nodes = self.nodes.values();
                nodes.any(|(_, services, standing)| services.offer(service) && *standing == Standing::In(*pool))
            };
            let offering: Vec<_> = self.pools.iter().filter(|(pool, _)| offers(pool)).collect();
            assert_eq!(Serving::<Test>::iter_prefix(service).count(), offering.len());
            let open = |(pool, (operator, _)): &(&PoolId, &(AccountId, Option<AccountId>))| {
                self.validators.contains(operator) && !self.stands(party).contains(*pool)
            };
            let can: BTreeSet<_> = offering.into_iter().filter(open).map(|(_, (operator, _))| *operator).collect();
            let drawn = draw(service, 7, 3, &[party]);
            assert_eq!(drawn.len(), can.len().min(3));
            assert!(drawn.iter().all(|worker| can.contains(&worker.entity) && worker.owner != party));
        }
    }
}

fn call(step: &Step) -> bool {
    match *step {
        Step::Validator(who) => {
            Registered::mutate(|all| match all.iter().position(|other| *other == who) {
                Some(place) => {
                    all.remove(place);
                }
                None => all.push(who),
            });
            Ok(())
        }
        Step::Create(who) => WorkNodes::create_pool(signed(who), bytes("x")),
        Step::Offer(who, pool, to) => WorkNodes::offer_pool(signed(who), pool, to),
        Step::Accept(who, pool) => WorkNodes::accept_pool(signed(who), pool),
        Step::Close(who, pool) => WorkNodes::close_pool(signed(who), pool),
        Step::Register(who, node, services) => register(who, node, services),
        Step::Update(who, node, services) => WorkNodes::update_node(signed(who), key(node), services, bytes("y")),
        Step::Remove(who, node) => WorkNodes::remove_node(signed(who), key(node)),
        Step::Join(who, node, pool) => WorkNodes::join(signed(who), key(node), pool),
        Step::Admit(who, node) => WorkNodes::admit(signed(who), key(node)),
        Step::Leave(who, node) => WorkNodes::leave(signed(who), key(node)),
        Step::Expel(who, node) => WorkNodes::expel(signed(who), key(node)),
    }
    .is_ok()
}

fn steps() -> impl Strategy<Value = Step> {
    let services = || (any::<bool>(), any::<bool>()).prop_map(|(relay, storage)| Services { relay, storage });
    let (who, node, pool) = (|| 1..=5u64, || 11..=16u64, || 0..=4u32);
    prop_oneof![
        1 => who().prop_map(Step::Validator),
        3 => who().prop_map(Step::Create),
        2 => (who(), pool(), prop::option::of(who())).prop_map(|(who, pool, to)| Step::Offer(who, pool, to)),
        3 => (who(), pool()).prop_map(|(who, pool)| Step::Accept(who, pool)),
        1 => (who(), pool()).prop_map(|(who, pool)| Step::Close(who, pool)),
        5 => (who(), node(), services()).prop_map(|(who, node, what)| Step::Register(who, node, what)),
        3 => (who(), node(), services()).prop_map(|(who, node, what)| Step::Update(who, node, what)),
        1 => (who(), node()).prop_map(|(who, node)| Step::Remove(who, node)),
        9 => (who(), node(), pool()).prop_map(|(who, node, pool)| Step::Join(who, node, pool)),
        6 => (who(), node()).prop_map(|(who, node)| Step::Admit(who, node)),
        2 => (who(), node()).prop_map(|(who, node)| Step::Leave(who, node)),
        2 => (who(), node()).prop_map(|(who, node)| Step::Expel(who, node)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_calls_leave_what_the_model_says(steps in prop::collection::vec(steps(), 1..120)) {
        story(4, || {
            let mut model = Model { validators: (1..=4).collect(), ..Default::default() };
            for step in &steps {
                let mut after = model.clone();
                let taken = after.step(step).is_some();
                assert_eq!(call(step), taken, "{step:?} in {model:?}");
                if taken {
                    model = after;
                }
                model.check();
                WorkNodes::do_try_state().expect("invariants hold");
            }
        });
    }
}
