use std::sync::Arc;
use std::time::Duration;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, Error, RootCertStore};

use super::*;

/// 2026-11-24.
const NOW_MS: i64 = 1_795_500_000_000;
const DAY_MS: i64 = 86_400_000;

/// Whether a device that trusts the folder's authority believes a certificate, on a day.
fn believes(
    folder: &Path,
    server: &CertificateDer<'_>,
    name: &str,
    now_ms: i64,
) -> Result<(), Error> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("ca.crt")).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
    let name = ServerName::try_from(name).unwrap();
    let now = UnixTime::since_unix_epoch(Duration::from_millis(now_ms as u64));
    verifier.build().unwrap().verify_server_cert(server, &[], &name, &[], now).map(|_| ())
}

fn served(folder: &Path) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(folder.join("server.crt")).unwrap()
}

/// What somebody who got hold of the authority's key could sign.
fn stolen(folder: &Path, name: SanType) -> CertificateDer<'static> {
    let key = KeyPair::from_pem(&fs::read_to_string(folder.join("ca.key")).unwrap()).unwrap();
    let today = DateTime::from_timestamp_millis(NOW_MS).unwrap().date_naive();
    let authority = Issuer::new(authority_params(&key, today).unwrap(), key);
    let until = today.checked_add_days(Days::new(9)).unwrap();
    let mut params = server_params("10.0.0.1".parse().unwrap(), today, until).unwrap();
    params.subject_alt_names = vec![name];
    params.signed_by(&KeyPair::generate().unwrap(), &authority).unwrap().der().clone()
}

#[test]
fn the_authority_stays_and_the_certificate_is_fresh_for_90_days() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("lan");
    let first = make(&folder, "192.168.1.5".parse().unwrap(), NOW_MS).unwrap();
    let leaf = served(&folder);
    for name in ["192.168.1.5", "127.0.0.1", "::1", "localhost"] {
        assert_eq!(believes(&folder, &leaf, name, NOW_MS), Ok(()), "{name}");
    }
    assert!(believes(&folder, &leaf, "192.168.1.6", NOW_MS).is_err());
    assert_eq!(believes(&folder, &leaf, "localhost", NOW_MS + 89 * DAY_MS), Ok(()));
    let late = NOW_MS + 92 * DAY_MS;
    match believes(&folder, &leaf, "localhost", late) {
        Err(Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        )) => {}
        other => panic!("{other:?}"),
    }

    let second = make(&folder, "10.0.0.9".parse().unwrap(), late).unwrap();
    assert!(first.is_new && !second.is_new);
    assert_eq!(first.fingerprint, second.fingerprint);
    assert_eq!(believes(&folder, &served(&folder), "10.0.0.9", late), Ok(()));
    #[cfg(unix)]
    for name in ["ca.key", "server.key"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_fingerprint_is_what_phones_show() {
    let dir = tempfile::tempdir().unwrap();
    let host = "10.0.0.9".parse().unwrap();
    let made = make(dir.path(), host, NOW_MS).unwrap();
    let pairs: Vec<_> = made.fingerprint.split(':').collect();
    assert!(pairs.len() == 32 && pairs.iter().all(|it| it.len() == 2 && **it == it.to_uppercase()));
    let said = told(dir.path(), host, &made);
    assert!(said.contains(&made.fingerprint) && said.contains("10.0.0.9"), "{said}");
}

#[test]
fn the_authority_can_vouch_for_private_addresses_only_and_says_so_critically() {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path(), "10.0.0.9".parse().unwrap(), NOW_MS).unwrap();
    let authority = CertificateDer::from_pem_file(dir.path().join("ca.crt")).unwrap();
    // The identifier 2.5.29.30, then "critical: true".
    let critical = [6, 3, 0x55, 0x1d, 0x1e, 1, 1, 0xff];
    assert!(authority.windows(critical.len()).any(|window| window == critical));
    let may = |name: &str, san| believes(dir.path(), &stolen(dir.path(), san), name, NOW_MS);
    let address = |text: &str| SanType::IpAddress(text.parse().unwrap());
    for private in ["10.255.0.1", "172.16.0.1", "172.31.9.9", "192.168.0.7", "169.254.1.1"] {
        assert_eq!(may(private, address(private)), Ok(()), "{private}");
    }
    for private in ["127.0.0.9", "fd00::7", "fe80::7", "::1"] {
        assert_eq!(may(private, address(private)), Ok(()), "{private}");
    }
    for public in ["8.8.8.8", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2001:4860::8888", "::2"] {
        assert!(may(public, address(public)).is_err(), "{public}");
    }
    for name in ["bank.example", "localhost.example"] {
        assert!(may(name, SanType::DnsName(name.try_into().unwrap())).is_err(), "{name}");
    }
}

#[test]
fn a_public_address_is_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("lan");
    for host in ["8.8.8.8", "172.32.0.1", "2001:4860::8888", "0.0.0.0"] {
        let refused = make(&folder, host.parse().unwrap(), NOW_MS).unwrap_err().to_string();
        assert!(refused.starts_with("--host:") && refused.contains(host), "{refused}");
    }
    assert!(!folder.exists());
}

#[test]
fn half_an_authority_is_named_and_never_replaced_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let host = "10.0.0.9".parse().unwrap();
    make(dir.path(), host, NOW_MS).unwrap();
    let (key, certificate) = (dir.path().join("ca.key"), dir.path().join("ca.crt"));
    let kept = fs::read(&key).unwrap();
    let refused = || format!("{:#}", make(dir.path(), host, NOW_MS).unwrap_err());
    fs::remove_file(&key).unwrap();
    assert!(refused().contains("ca.key: it is missing"), "{}", refused());
    fs::write(&key, KeyPair::generate().unwrap().serialize_pem()).unwrap();
    assert!(refused().contains("ca.crt: it does not belong to ca.key"), "{}", refused());
    fs::write(&key, "a letter").unwrap();
    assert!(refused().contains("ca.key: it is no key"), "{}", refused());
    fs::write(&key, kept).unwrap();
    fs::write(&certificate, "a letter").unwrap();
    assert!(refused().contains("ca.crt: it does not belong"), "{}", refused());
}
