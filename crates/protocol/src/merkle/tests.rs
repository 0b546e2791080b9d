use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;

/// The entries and roots of the Certificate Transparency reference tests.
const CT_ENTRIES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const CT_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
/// Inner nodes of the same trees, named by the leaves below them.
const N0_1: &str = CT_ROOTS[1];
const N0_2: &str = CT_ROOTS[2];
const N0_4: &str = CT_ROOTS[4];
const N1_2: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const N2_4: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const N4_5: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const N4_6: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const N4_8: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const N6_8: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";

fn hash(hex: &str) -> Hash {
    HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
}

fn ct_leaves() -> Vec<Hash> {
    CT_ENTRIES.iter().map(|hex| leaf_hash(&HEXLOWER.decode(hex.as_bytes()).unwrap())).collect()
}

fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// RFC 6962 §2.1, word for word.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

fn frontier(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    leaves.iter().for_each(|leaf| frontier.append(*leaf));
    frontier
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    let mut frontier = Frontier::new();
    assert_eq!(frontier.root(), hash(CT_ROOTS[0]));
    for (leaf, root) in ct_leaves().into_iter().zip(&CT_ROOTS[1..]) {
        frontier.append(leaf);
        assert_eq!(frontier.root(), hash(root), "{} leaves", frontier.size());
    }
}

#[test]
fn inclusion_proofs_are_those_of_certificate_transparency() {
    let cases: [(u64, usize, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[N1_2, N2_4, N4_8]),
        (5, 8, &[N4_5, N6_8, N0_4]),
        (2, 3, &[N0_2]),
        (1, 5, &[N0_1, N2_4, N4_5]),
    ];
    for (index, size, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|hex| hash(hex)).collect();
        let leaves = &ct_leaves()[..size];
        assert_eq!(inclusion_proof(index, leaves).unwrap(), expected, "{index} of {size}");
        let (leaf, root) = (&leaves[index as usize], hash(CT_ROOTS[size]));
        assert_eq!(verify_inclusion(index, size as u64, leaf, &expected, &root), Ok(()));
    }
}

#[test]
fn consistency_proofs_are_those_of_certificate_transparency() {
    let cases: [(usize, usize, &[&str]); 4] = [
        (1, 1, &[]),
        (1, 8, &[N1_2, N2_4, N4_8]),
        (6, 8, &[N4_6, N6_8, N0_4]),
        (2, 5, &[N2_4, N4_5]),
    ];
    for (old, new, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|hex| hash(hex)).collect();
        let proof = consistency_proof(old as u64, &ct_leaves()[..new]).unwrap();
        assert_eq!(proof, expected, "{old} to {new}");
        let (old_root, new_root) = (hash(CT_ROOTS[old]), hash(CT_ROOTS[new]));
        assert_eq!(
            verify_consistency(old as u64, &old_root, new as u64, &new_root, &expected),
            Ok(())
        );
    }
}

#[test]
fn the_frontier_has_the_naive_root_at_every_size_and_survives_storage() {
    let leaves = leaves(300);
    let mut frontier = Frontier::new();
    for size in 0..leaves.len() {
        assert_eq!(frontier.size(), size as u64);
        assert_eq!(frontier.root(), naive_root(&leaves[..size]), "{size} leaves");
        assert_eq!(root_of(&leaves[..size]), frontier.root());
        let bytes = frontier.to_bytes();
        assert!(bytes.len() <= MAX_FRONTIER_BYTES);
        // Every append goes through the stored form, as it does on the server.
        frontier = Frontier::from_bytes(&bytes).unwrap();
        frontier.append(leaves[size]);
    }
}

#[test]
fn stored_bytes_are_the_size_and_the_peaks() {
    let bytes = frontier(&ct_leaves()[..3]).to_bytes();
    let third_leaf = HEXLOWER.encode(&ct_leaves()[2]);
    assert_eq!(HEXLOWER.encode(&bytes), format!("0000000000000003{N0_2}{third_leaf}"));
}

#[test]
fn damaged_frontiers_are_errors() {
    let bytes = frontier(&leaves(11)).to_bytes();
    assert_eq!(Frontier::from_bytes(&bytes[..7]), Err(FrontierError::NoSize));
    for length in 8..bytes.len() {
        let wrong = Frontier::from_bytes(&bytes[..length]);
        assert!(matches!(wrong, Err(FrontierError::Length { expected_bytes: 104, .. })));
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(matches!(Frontier::from_bytes(&longer), Err(FrontierError::Length { .. })));
    let huge = Frontier::from_bytes(&[0xff; 8 + 64 * 32]);
    assert_eq!(huge, Err(FrontierError::TooLarge { size: u64::MAX }));

    let full = [&MAX_TREE_SIZE.to_be_bytes()[..], &[7; 53 * 32]].concat();
    assert_eq!(full.len(), MAX_FRONTIER_BYTES);
    let mut full = Frontier::from_bytes(&full).unwrap();
    full.append([7; 32]); // the longest carry
    assert_eq!(full.size(), MAX_TREE_SIZE + 1);
}

#[test]
fn every_leaf_has_a_proof_that_fits_nothing_else() {
    let other = leaf_hash(b"other");
    for size in 1..=33 {
        let leaves = leaves(size);
        let root = naive_root(&leaves);
        for (index, leaf) in leaves.iter().enumerate() {
            let proof = inclusion_proof(index as u64, &leaves).unwrap();
            let check =
                |at: u64, proof: &[Hash]| verify_inclusion(at, size as u64, leaf, proof, &root);
            assert_eq!(check(index as u64, &proof), Ok(()), "{index} of {size}");
            for elsewhere in (0..size as u64 + 3).filter(|at| *at != index as u64) {
                assert!(check(elsewhere, &proof).is_err(), "{index} of {size} as {elsewhere}");
            }
            let longer = [&proof[..], &[other]].concat();
            assert_eq!(check(index as u64, &longer), Err(ProofError::Length));
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(check(index as u64, shorter), Err(ProofError::Length));
            }
        }
        assert_eq!(inclusion_proof(size as u64, &leaves), None);
    }
}

#[test]
fn every_prefix_is_consistent_and_nothing_else_is() {
    let leaves = leaves(33);
    let roots: Vec<_> = (0..=33).map(|size| naive_root(&leaves[..size])).collect();
    let check = |old: usize, new: usize, proof: &[Hash]| {
        verify_consistency(old as u64, &roots[old], new as u64, &roots[new], proof)
    };
    for new in 0..=33 {
        for old in 0..=new {
            let proof = consistency_proof(old as u64, &leaves[..new]).unwrap();
            assert_eq!(check(old, new, &proof), Ok(()), "{old} to {new}");
            let longer = [&proof[..], &[roots[1]]].concat();
            assert_eq!(check(old, new, &longer), Err(ProofError::Length), "{old} to {new}");
            if let Some((_, shorter)) = proof.split_last() {
                assert!(check(old, new, shorter).is_err(), "{old} to {new}");
            }
            if old != new {
                let shrunk = ProofError::Shrunk { old_size: new as u64, new_size: old as u64 };
                assert_eq!(check(new, old, &proof), Err(shrunk));
            }
        }
        assert_eq!(consistency_proof(new as u64 + 1, &leaves[..new]), None);
    }
}

#[test]
fn the_empty_log_has_one_root() {
    let root = naive_root(&leaves(3));
    assert_eq!(verify_consistency(0, &empty_root(), 3, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &root, 3, &root, &[]), Err(ProofError::Root));
    assert_eq!(verify_consistency(0, &root, 0, &root, &[]), Err(ProofError::Root));
    assert_eq!(
        verify_inclusion(0, 0, &root, &[], &root),
        Err(ProofError::OutsideTree { index: 0, size: 0 })
    );
}

/// One bit of one of the hashes, chosen by a number of any size.
fn flip(hashes: &mut [&mut Hash], bit: usize) {
    let bit = bit % (hashes.len() * 256);
    hashes[bit / 256][bit / 8 % 32] ^= 1 << (bit % 8);
}

proptest! {
    #[test]
    fn a_flipped_bit_breaks_an_inclusion_proof(size in 1usize..200, at: usize, bit: usize) {
        let leaves = leaves(size);
        let (index, mut leaf) = ((at % size) as u64, leaves[at % size]);
        let (mut root, mut proof) = (naive_root(&leaves), inclusion_proof(index, &leaves).unwrap());
        prop_assert_eq!(verify_inclusion(index, size as u64, &leaf, &proof, &root), Ok(()));
        flip(&mut [&mut leaf, &mut root].into_iter().chain(&mut proof).collect::<Vec<_>>(), bit);
        let broken = verify_inclusion(index, size as u64, &leaf, &proof, &root);
        prop_assert_eq!(broken, Err(ProofError::Root));
    }

    #[test]
    fn a_flipped_bit_breaks_a_consistency_proof(new in 1usize..200, old: usize, bit: usize) {
        let (old, leaves) = (1 + old % new, leaves(new));
        let (mut old_root, mut new_root) = (naive_root(&leaves[..old]), naive_root(&leaves));
        let mut proof = consistency_proof(old as u64, &leaves).unwrap();
        let (old, new) = (old as u64, new as u64);
        prop_assert_eq!(verify_consistency(old, &old_root, new, &new_root, &proof), Ok(()));
        flip(
            &mut [&mut old_root, &mut new_root].into_iter().chain(&mut proof).collect::<Vec<_>>(),
            bit,
        );
        let broken = verify_consistency(old, &old_root, new, &new_root, &proof);
        prop_assert_eq!(broken, Err(ProofError::Root));
    }

    #[test]
    fn no_input_makes_a_verifier_or_a_reader_panic(
        sizes: (u64, u64),
        small in 0u64..70,
        proof in prop::collection::vec(any::<Hash>(), 0..70),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let root = empty_root();
        for (a, b) in [sizes, (u64::MAX - 1, u64::MAX), (small, sizes.1), (1 << 63, u64::MAX)] {
            prop_assert!(verify_inclusion(a, b, &root, &proof, &root).is_err());
            prop_assert!(verify_consistency(a, &root, b, &root, &proof).is_err() || a == 0);
        }
        let of_small_size = [&(small % 64).to_be_bytes()[..], &bytes].concat();
        for bytes in [bytes, of_small_size] {
            if let Ok(frontier) = Frontier::from_bytes(&bytes) {
                prop_assert_eq!(frontier.to_bytes(), bytes);
            }
        }
    }
}
