//! A running node: the boot configuration made into a house with its doors open. `serve` and `demo` both run this.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use actors::alarm::{HouseAlarm, Trouble};
use actors::channel::{ChannelSettings, Pace};
use actors::house::{House, Parts};
use actors::meter::Meter;
use actors::registrar::Mint;
use actors::shell::Ports;
use adapters::boot::{BootConfiguration, ChannelPlan, Operator as BootOperator};
use adapters::channel::kannel::KannelConfig;
use adapters::channel::twilio::TwilioConfig;
use adapters::channel::voice::VoiceConfig;
use adapters::channel::{Means, ReadyChannel, Secret};
use adapters::clock::HouseClock;
use adapters::data_directory::{DataDirectory, DataDirectoryError};
use adapters::http::ClientError;
use adapters::keys::sqlite::KeysHealth;
use adapters::link::{LinkKey, Links};
use adapters::log::open_with_keys;
use adapters::log::sqlite::{LogHealth, OpenError};
use domain::port::Clock;
use events::{BootId, Journal, NodeId, PersonId, Span};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::alarm::{ALARM_WITHIN, Operator, OperatorsAlarm};
use crate::http::{App, CallbackKeys, connections, router};
use crate::probes::Probes;
use crate::watch::Watch;
use crate::{time_zones, token};

/// The name of the only node.
const NODE: &str = "a";

/// The secret that signs links, in the data directory.
const LINK_KEY_FILE: &str = "link.key";

/// How long a closing house may take over what is under way.
const CLOSE_WITHIN: Duration = Duration::from_secs(25);

/// How long a closing house waits for requests that are under way.
const REQUESTS_WITHIN: Duration = Duration::from_secs(5);

/// A node cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory is taken or unusable.
    #[error(transparent)]
    DataDirectory(#[from] DataDirectoryError),
    /// The log or the keys cannot be opened.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// A secret cannot be read or written.
    #[error("the secret {file} in the data directory cannot be read or written: {error}")]
    Secret {
        /// Which.
        file: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
    /// A provider's client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The address is taken.
    #[error(
        "{address} cannot be listened on: {error}. Set `listen` to an address of this machine that is free"
    )]
    Listen {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        error: std::io::Error,
    },
    /// The house cannot start.
    #[error(transparent)]
    House(#[from] actors::house::StartError),
}

impl StartError {
    /// True when it is the machine that fails, and not the person who starts: then nobody may know of it.
    const fn leaves_everybody_unpaged(&self) -> bool {
        match self {
            Self::DataDirectory(DataDirectoryError::Unusable { .. })
            | Self::Log(_)
            | Self::Secret { .. }
            | Self::House(_) => true,
            Self::DataDirectory(DataDirectoryError::Taken { .. }) | Self::Client(_) | Self::Listen { .. } => {
                false
            }
        }
    }
}

/// A node that serves.
#[derive(Debug)]
pub struct Running {
    app: App,
    address: SocketAddr,
    owner_file: PathBuf,
    alarm: Arc<OperatorsAlarm>,
    closing: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
    log_health: watch::Receiver<LogHealth>,
    keys_health: watch::Receiver<KeysHealth>,
    // Held for as long as the node runs: no second one may use it.
    _data: Arc<DataDirectory>,
}

/// Why a node ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Somebody asked it to.
    Asked,
    /// The log is closed for good, or a room fell over again and again. The operators were told.
    Broken {
        /// What happened.
        reason: String,
    },
}

impl Running {
    /// Opens the data directory, folds the log and opens the doors. Once it returns, signals are taken. When nothing
    /// can be written or read there, the operators are told before it returns.
    ///
    /// # Errors
    /// See [`StartError`]; the message says what to do.
    pub async fn start(boot: BootConfiguration) -> Result<Self, StartError> {
        let started = Self::try_start(&boot).await;
        if let Err(error) = &started
            && error.leaves_everybody_unpaged()
        {
            tell_without_data(&boot, &error.to_string()).await;
        }
        started
    }

    async fn try_start(boot: &BootConfiguration) -> Result<Self, StartError> {
        let data = Arc::new(DataDirectory::open(&boot.data_dir)?);
        let listener = listen(boot.listen).await?;
        let address = listener.local_addr().unwrap_or(boot.listen);
        let public_url = boot.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let links = Links { public_url, key: link_key(&data)? };
        let clock = Arc::new(HouseClock::start());
        let channels = channels(boot, &links, &clock)?;
        let alarm =
            Arc::new(OperatorsAlarm::new(operators(&boot.operators, &channels), Arc::clone(&clock) as _));
        let probes = Arc::new(Probes::new(channels.clone()));
        let watch = boot.watch.as_ref().map(Watch::new).transpose()?;
        let (log, keys) = open_with_keys(data.root())?;
        let owner = token::owner(&data)
            .map_err(|error| StartError::Secret { file: token::OWNER_TOKEN_FILE, error })?;
        let (log_health, keys_health) = (log.health(), keys.health());
        let configured = channels.clone();
        let boot_id = BootId(u64::try_from(clock.started_at().as_micros()).unwrap_or_default());
        let house = House::start(Parts {
            ports: Ports {
                journal: Journal::new(log, keys, NodeId::from(NODE), boot_id),
                clock,
                meter: Arc::new(Meter::default()),
            },
            alarm: Arc::clone(&alarm) as Arc<dyn HouseAlarm>,
            channels: channels.into_iter().map(|channel| (settings(&channel), channel)).collect(),
            mint: Arc::new(|| Box::new(random_person) as Mint),
        })
        .await?;
        let callback_keys = callback_keys(boot);
        let time_zones = time_zones::begin(&data, &house.directory(), house.now());
        let clock = Arc::clone(&house.ports().clock);
        tokio::spawn(time_zones::keep(Arc::downgrade(&data), clock, time_zones.clone()));
        let app = App::new(house, links, owner, callback_keys, configured, time_zones, Arc::clone(&probes));
        if let Some(every) = boot.probe_every {
            let clock = Arc::clone(&app.house.ports().clock) as Arc<dyn Clock>;
            tokio::spawn(probes.keep(every, app.house.bell().clone(), clock));
        }
        tokio::spawn(Arc::clone(&alarm).repeat_while(app.house.bell().health()));
        let (closing, closed) = oneshot::channel();
        let service = router(app.clone());
        let server = tokio::spawn(async move {
            let closed = async {
                // An error means that the node itself is gone, which closes as well.
                let _ = closed.await;
            };
            connections::serve(listener, service, closed).await;
        });
        if let Some(watch) = watch {
            tokio::spawn(watch.keep(app.clone()));
        }
        let owner_file = token::owner_file(&data);
        Ok(Self {
            app,
            address,
            owner_file,
            alarm,
            closing: Some(closing),
            server,
            log_health,
            keys_health,
            _data: data,
        })
    }

    /// What handlers share: the house, and what makes links.
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The file in which the owner finds their token.
    pub const fn owner_file(&self) -> &PathBuf {
        &self.owner_file
    }

    /// Serves until `asked` is done or the node can go on no more; then closes in order.
    pub async fn until(mut self, asked: impl Future<Output = ()>) -> End {
        let end = tokio::select! {
            biased;
            reason = broken("log.sqlite", self.log_health.clone()) => return self.give_up(reason).await,
            reason = broken("keys.sqlite", self.keys_health.clone()) => return self.give_up(reason).await,
            reason = self.app.house.collapse() => {
                tell(&self.alarm, &reason).await;
                End::Broken { reason }
            }
            () = asked => End::Asked,
        };
        self.close().await;
        end
    }

    /// A file is closed for good: nothing is written to it any more, not even to close it in order.
    async fn give_up(&self, reason: String) -> End {
        self.app.house.bell().ring(Trouble::LogRefuses { reason: reason.clone() });
        tell(&self.alarm, &reason).await;
        End::Broken { reason }
    }

    async fn close(&mut self) {
        self.app.close();
        if let Some(closing) = self.closing.take() {
            // An error means that the server has ended already.
            let _ = closing.send(());
        }
        if tokio::time::timeout(REQUESTS_WITHIN, &mut self.server).await.is_err() {
            self.server.abort();
        }
        self.app.house.stop(CLOSE_WITHIN).await;
        let journal = &self.app.house.ports().journal;
        journal.log().close().await;
        journal.keys().close().await;
    }
}

/// Waits until a file is closed for good, and says which and why. The log and the keys have one kind of health.
async fn broken(file: &str, mut health: watch::Receiver<LogHealth>) -> String {
    let closed = health.wait_for(|health| matches!(health, LogHealth::Closed { .. })).await;
    match closed.map(|health| health.clone()) {
        Ok(LogHealth::Closed { reason }) => format!(
            "{file} is closed: {reason}. Look at the disk under the data directory, start again, and run `hotpotato verify`"
        ),
        // It was dropped: this node is closing anyway.
        Ok(LogHealth::Healthy | LogHealth::Full { .. }) | Err(_) => std::future::pending().await,
    }
}

/// Tells the operators when there is not even a data directory. What they are told holds no link.
async fn tell_without_data(boot: &BootConfiguration, reason: &str) {
    let links = Links { public_url: String::new(), key: LinkKey::new([0; 32]) };
    let clock = Arc::new(HouseClock::start());
    match channels(boot, &links, &clock) {
        Ok(channels) => {
            tell(&OperatorsAlarm::new(operators(&boot.operators, &channels), clock), reason).await;
        }
        Err(error) => tracing::error!(%error, "the operators cannot be paged"),
    }
}

async fn tell(alarm: &OperatorsAlarm, reason: &str) {
    let trouble = Trouble::LogRefuses { reason: reason.to_owned() };
    let page = alarm.page(&trouble);
    if tokio::time::timeout(ALARM_WITHIN, page).await.is_err() {
        tracing::error!("not every operator was paged in time");
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen { address, error })
}

fn link_key(data: &DataDirectory) -> Result<LinkKey, StartError> {
    let secret = |error| StartError::Secret { file: LINK_KEY_FILE, error };
    let bytes = data.secret(LINK_KEY_FILE, 32).map_err(secret)?;
    let bytes = bytes.try_into().map_err(|_| secret(std::io::Error::other("it has not 32 bytes")))?;
    Ok(LinkKey::new(bytes))
}

type Configured = Vec<Arc<ReadyChannel>>;

fn channels(
    boot: &BootConfiguration,
    links: &Links,
    clock: &Arc<HouseClock>,
) -> Result<Configured, ClientError> {
    let means = Means { links: links.clone(), clock: Arc::clone(clock) as Arc<dyn Clock> };
    let ready = |channel: &ChannelPlan| {
        let ChannelPlan { id, kind, plan, pace } = channel;
        let (provider, depends_on) = (plan.start(&means)?, plan.depends_on());
        Ok(Arc::new(ReadyChannel { id: id.clone(), kind: *kind, provider, pace: pace.clone(), depends_on }))
    };
    boot.channels.iter().map(ready).collect()
}

/// By what the providers are known that call us.
fn callback_keys(boot: &BootConfiguration) -> CallbackKeys {
    let gateway = |channel: &ChannelPlan| {
        Some((channel.id.clone(), channel.of::<KannelConfig>()?.incoming_key.clone()?))
    };
    CallbackKeys {
        twilio: boot.channels.iter().filter_map(twilio_token).collect(),
        gateways: boot.channels.iter().filter_map(gateway).collect(),
    }
}

/// What signs the callbacks about this channel, when it is one of Twilio's.
fn twilio_token(channel: &ChannelPlan) -> Option<Secret> {
    let of_texts = channel.of::<TwilioConfig>().map(|config| &config.auth_token);
    of_texts.or_else(|| channel.of::<VoiceConfig>().map(|config| &config.auth_token)).cloned()
}

fn settings(channel: &ReadyChannel) -> ChannelSettings {
    let usage = channel.provider.usage();
    ChannelSettings {
        id: channel.id.clone(),
        kind: channel.kind,
        per_second: usage.rate.per_second,
        burst: usage.rate.burst,
        concurrent_max: u32::try_from(usage.connections_max).unwrap_or(u32::MAX),
        timeout: span(usage.timeout),
        reports_within: usage.reports_within.map(span),
        pace: Pace::new(&channel.pace),
    }
}

fn span(duration: Duration) -> Span {
    Span::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

fn operators(configured: &[BootOperator], channels: &Configured) -> Vec<Operator> {
    let reach = |operator: &BootOperator| {
        let mut of_kind = channels.iter().filter(|channel| channel.kind == operator.channel);
        let found = of_kind.find(|channel| operator.via.as_ref().is_none_or(|via| *via == channel.id));
        if found.is_none() {
            tracing::warn!(
                channel = operator.channel.as_str(),
                "an operator has a channel that is not configured"
            );
        }
        found.map(|channel| Operator { channel: Arc::clone(channel), address: operator.address.clone() })
    };
    configured.iter().filter_map(reach).collect()
}

fn random_person() -> PersonId {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    PersonId::from_bytes(bytes)
}
