"""What a Python user of Ergon does, with an unmodified substrate-interface that knows nothing of Ergon.

Sends transactions to the node whose WebSocket address is the argument, reads everything that its metadata lists, and prints what it
saw as JSON. Judges nothing: python.test.mjs does.
"""

import json
import sys

from scalecodec.base import ScaleBytes
from substrateinterface import Keypair, SubstrateInterface

ERGN = 10**12
# Longer than any key of a map, so that a key of zeros can be decoded from it.
ZEROS = bytes(1024)


def account(name):
    return Keypair.create_from_uri(f"//{name}")


def send(chain, signer, call):
    """Signs a call and waits until it is final: its fee and its events."""
    transaction = chain.create_signed_extrinsic(call, signer)
    receipt = chain.submit_extrinsic(transaction, wait_for_finalization=True)
    events = [f"{event.value['module_id']}.{event.value['event_id']}" for event in receipt.triggered_events]
    return {"success": receipt.is_success, "error": receipt.error_message, "fee": receipt.total_fee_amount, "events": events}


def free(chain, address):
    return chain.query("System", "Account", [address]).value["data"]["free"]


def transfers(chain):
    """A gift of Alice's to a stranger, who sends some of it back."""
    alice, stranger = account("Alice"), account("E2e-python")

    def transfer(signer, receiver, amount):
        call = chain.compose_call("Balances", "transfer_keep_alive", {"dest": receiver.ss58_address, "value": amount})
        estimate = chain.get_payment_info(call, signer)["partialFee"]
        return {"estimate": estimate, **send(chain, signer, call), "stranger": free(chain, stranger.ss58_address)}

    return {
        "gift": transfer(alice, stranger, 50 * ERGN),
        "back": transfer(stranger, alice, ERGN),
        "address": stranger.ss58_address,
    }


def fill(chain):
    """One transaction that leaves an entry in maps that are empty in a young chain."""
    alice, bob = account("Alice"), account("Bob")
    remark = chain.compose_call("System", "remark", {"remark": "0x01"})
    calls = [
        ("Proxy", "add_proxy", {"delegate": bob.ss58_address, "proxy_type": "Any", "delay": 0}),
        ("Preimage", "note_preimage", {"bytes": "0x0102"}),
        ("Multisig", "approve_as_multi", {
            "threshold": 2, "other_signatories": [bob.ss58_address], "maybe_timepoint": None,
            "call_hash": f"0x{remark.call_hash.hex()}", "max_weight": {"ref_time": 0, "proof_size": 0},
        }),
        ("Sudo", "sudo", {"call": chain.compose_call("Scheduler", "schedule", {
            "when": 1_000_000, "maybe_periodic": None, "priority": 0, "call": remark,
        })}),
    ]
    batch = [chain.compose_call(*call) for call in calls]
    return send(chain, alice, chain.compose_call("Utility", "batch_all", {"calls": batch}))


def zero_key(chain, item):
    """Arguments of a map that are zero in every byte."""
    types = (chain.runtime_config.create_scale_object(name) for name in item.get_params_type_string())
    return [kind.decode(ScaleBytes(bytearray(ZEROS)), check_remaining=False) for kind in types]


def read(chain, pallet, item):
    """Reads a value, or a map: all of its entries and one that is not there. Returns how many entries there are."""
    name = item.value["name"]
    if not item.get_params_type_string():
        return 0 if chain.query(pallet, name).value is None else 1
    chain.query(pallet, name, zero_key(chain, item))
    return sum(1 for _ in chain.query_map(pallet, name, page_size=100))


def storage(chain):
    """Reads all that the metadata lists: entries of each item, and the error of each that could not be read."""
    entries, failed = {}, {}
    chain.init_runtime()
    for pallet in chain.metadata.pallets:
        for item in pallet.storage or []:
            name = f"{pallet.name}.{item.value['name']}"
            # The library's own addition to every pallet, in no metadata.
            if name.endswith(":__STORAGE_VERSION__:"):
                continue
            try:
                entries[name] = read(chain, pallet.name, item)
            except Exception as error:  # Whatever it is, the test is to name the item.
                failed[name] = repr(error)
    return {"entries": entries, "failed": failed}


def main():
    with SubstrateInterface(url=sys.argv[1]) as chain:
        token = {"symbol": chain.token_symbol, "decimals": chain.token_decimals, "ss58": chain.ss58_format}
        report = {"chain": chain.chain, "token": token, "transfers": transfers(chain), "fill": fill(chain), **storage(chain)}
        report["timing"] = chain.rpc_request("workCredits_timing", [])["result"]
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
