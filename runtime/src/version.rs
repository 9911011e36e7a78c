//! The runtime's version.

use sp_version::RuntimeVersion;

use crate::RUNTIME_API_VERSIONS;

// A macro, because the attribute reads the number from the source: it writes the version into a section of the Wasm.
macro_rules! version {
    ($spec_version:tt) => {
        /// Version of the runtime. `spec_version` rises with every change of behaviour, `transaction_version` with every change of
        /// an existing call's encoding.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: alloc::borrow::Cow::Borrowed("ergon"),
            impl_name: alloc::borrow::Cow::Borrowed("ergon"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 1,
            apis: RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "rehearsal"))]
version!(1);

// The next one, whatever this one is: what an upgrade is rehearsed with.
#[cfg(feature = "rehearsal")]
version!(1_000_000);
