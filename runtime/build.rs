//! Builds the Wasm runtime. `metadata-hash` puts the metadata's Merkle root into it for `CheckMetadataHash` (RFC-78).

fn main() {
    #[cfg(feature = "std")]
    substrate_wasm_builder::WasmBuilder::init_with_defaults().enable_metadata_hash("ERGN", 12).build();
}
