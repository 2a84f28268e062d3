//! A cluster of three nodes.

use test_support::RedisServer;

use crate::helpers::{check_carries, live, live_bus, metric, soon, until};

struct Cluster {
    nodes: Vec<RedisServer>,
}

impl Cluster {
    async fn start() -> Self {
        let mut nodes = Vec::new();
        for slots in ["0 5460", "5461 10922", "10923 16383"] {
            let node = RedisServer::start_cluster_node().await.expect("a node starts");
            let answer = node.ask(&format!("CLUSTER ADDSLOTSRANGE {slots}")).await.expect("the node answers");
            assert!(answer.starts_with("+OK"), "{answer}");
            nodes.push(node);
        }
        for (number, node) in (1..).zip(&nodes) {
            node.ask(&format!("CLUSTER SET-CONFIG-EPOCH {number}")).await.expect("the node answers");
        }
        for node in &nodes[1..] {
            let bus_port = bus_port(node).await;
            let answer = nodes[0]
                .ask(&format!("CLUSTER MEET 127.0.0.1 {} {bus_port}", node.port()))
                .await
                .expect("the node answers");
            assert!(answer.starts_with("+OK"), "{answer}");
        }
        let cluster = Self { nodes };
        let complete = async {
            for node in &cluster.nodes {
                let is_complete =
                    |info: &str| info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3");
                while !is_complete(&node.ask("CLUSTER INFO").await.expect("the node answers")) {}
            }
        };
        soon("the cluster is complete", complete).await;
        cluster
    }

    /// An address that names one node alone: the others are found from it.
    fn address(&self, node: usize) -> String {
        format!("redis+cluster://127.0.0.1:{}", self.nodes[node].port())
    }

    /// Which nodes have the bus's shard channel.
    async fn keepers(&self) -> Vec<usize> {
        let mut keepers = Vec::new();
        for (number, node) in (0..).zip(&self.nodes) {
            if node.ask("PUBSUB SHARDCHANNELS").await.expect("the node answers").contains("iskra:log") {
                keepers.push(number);
            }
        }
        keepers
    }
}

async fn bus_port(node: &RedisServer) -> String {
    let answer = node.ask("CONFIG GET cluster-port").await.expect("the node answers");
    answer.split("\r\n").nth(4).expect("a name and a value").to_owned()
}

async fn id(node: &RedisServer) -> String {
    node.ask("CLUSTER MYID").await.expect("the node answers").split("\r\n").nth(1).expect("an id").to_owned()
}

#[tokio::test]
async fn messages_stay_with_the_node_that_keeps_the_slot_whichever_is_asked() {
    let cluster = Cluster::start().await;
    let mut buses = Vec::new();
    for node in 0..3 {
        buses.push(live_bus(&cluster.address(node)).await);
    }
    check_carries(&buses[0], &buses[1], 1).await;
    check_carries(&buses[1], &buses[2], 2).await;
    assert_eq!(cluster.keepers().await.len(), 1);
}

#[tokio::test]
async fn a_slot_that_moves_is_followed() {
    let cluster = Cluster::start().await;
    let (one, other) = (live_bus(&cluster.address(0)).await, live_bus(&cluster.address(1)).await);
    let [keeper] = cluster.keepers().await[..] else { panic!("expected one keeper") };
    let slot = cluster.nodes[0].ask("CLUSTER KEYSLOT iskra:log").await.unwrap();
    let slot = slot.trim_start_matches(':').trim_end();
    let heir = (keeper + 1) % 3;
    let heir_id = id(&cluster.nodes[heir]).await;
    for node in [heir, keeper, (keeper + 2) % 3] {
        let answer = cluster.nodes[node].ask(&format!("CLUSTER SETSLOT {slot} NODE {heir_id}")).await.unwrap();
        assert!(answer.starts_with("+OK"), "{answer}");
    }
    until("both came back", || [&one, &other].iter().all(|bus| metric(bus, "iskra_bus_reconnects_total", "") >= 1.0))
        .await;
    live(&one).await;
    live(&other).await;
    check_carries(&one, &other, 1).await;
    assert_eq!(cluster.keepers().await, [heir]);
}

#[tokio::test]
async fn before_redis_7_messages_go_to_all_nodes() {
    // As an older server: it does not know the command.
    let server = RedisServer::start_with(&["--rename-command", "SSUBSCRIBE", ""]).await.unwrap();
    let address = server.url().replace("redis://", "redis+cluster://");
    let (one, other) = (live_bus(&address).await, live_bus(&address).await);
    check_carries(&one, &other, 1).await;
    assert!(server.ask("PUBSUB NUMSUB iskra:log").await.unwrap().contains(":2"));
}
