//! What a Rust client does with an unmodified subxt: reads a constant, an account and our runtime API, transfers, and follows
//! the transfer until it is final. Knows nothing of Ergon but names: all types come from the node's metadata.
//!
//! Usage: `ergon-subxt-test ws://HOST:PORT`. Prints a line per step; ends with 1 at the first that fails.

use std::error::Error;

use subxt::{
    dynamic::{self, At, Value},
    OnlineClient, PolkadotConfig,
};
use subxt_signer::sr25519::{dev, Keypair};

const ERGN: u128 = 1_000_000_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("give the node's address: ergon-subxt-test ws://HOST:PORT")?;
    let api = OnlineClient::<PolkadotConfig>::from_url(&url).await?;

    let deposit = dynamic::constant::<u128>("Balances", "ExistentialDeposit");
    let deposit = api.at_current_block().await?.constants().entry(deposit)?;
    expect("the existential deposit is a thousandth", deposit, ERGN / 1_000)?;

    let timing = dynamic::runtime_api_call::<_, Value>("WorkCreditsApi", "timing", ());
    let timing = api.at_current_block().await?.runtime_apis().call(timing).await?;
    let ticks = timing.at("ticks_per_slot").and_then(Value::as_u128).ok_or("no ticks_per_slot in timing")?;
    expect("a slot has 24 ticks", ticks, 24)?;

    // A fresh account, so that nothing else changes its balance.
    let stranger = Keypair::from_uri(&"//Subxt".parse()?)?;
    let to = stranger.public_key().to_address::<()>();
    expect("the stranger has nothing", free(&api, &stranger).await?, 0)?;
    let transfer = dynamic::transaction("Balances", "transfer_keep_alive", (to, 5 * ERGN));
    let events = api
        .at_current_block()
        .await?
        .transactions()
        .sign_and_submit_then_watch_default(&transfer, &dev::alice())
        .await?
        .wait_for_finalized_success()
        .await?;
    let told = events
        .iter()
        .filter_map(Result::ok)
        .any(|event| event.pallet_name() == "Balances" && event.event_name() == "Transfer");
    expect("the transfer is told by an event", told, true)?;
    expect("the stranger has five", free(&api, &stranger).await?, 5 * ERGN)?;

    // One that must fail: more than the stranger has.
    let back = dynamic::transaction(
        "Balances",
        "transfer_keep_alive",
        (dev::alice().public_key().to_address::<()>(), 50 * ERGN),
    );
    let refused = api
        .at_current_block()
        .await?
        .transactions()
        .sign_and_submit_then_watch_default(&back, &stranger)
        .await?
        .wait_for_finalized_success()
        .await;
    expect("a transfer beyond its means fails", refused.is_err(), true)?;
    println!("all done");
    Ok(())
}

async fn free(api: &OnlineClient<PolkadotConfig>, who: &Keypair) -> Result<u128, Box<dyn Error>> {
    let account = dynamic::storage::<([u8; 32],), Value>("System", "Account");
    let key = (who.public_key().0,);
    let block = api.at_current_block().await?;
    let Some(value) = block.storage().try_fetch(account, key).await? else { return Ok(0) };
    let value = value.decode()?;
    let free = value.at("data").and_then(|data| data.at("free")).and_then(Value::as_u128);
    Ok(free.ok_or("an account without a free balance")?)
}

fn expect<V: PartialEq + std::fmt::Debug>(what: &str, found: V, wanted: V) -> Result<(), String> {
    if found != wanted {
        return Err(format!("{what}: expected {wanted:?}, found {found:?}"));
    }
    println!("{what}: ok");
    Ok(())
}
