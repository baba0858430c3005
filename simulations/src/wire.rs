//! TCP connections that a handler can cut, so that HTTP stand-ins can fail below HTTP.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

const WHOLE: u8 = 0;
const CUT: u8 = 1;
const GARBLED: u8 = 2;

/// What a garbled connection carries instead of an answer.
pub const GARBAGE: &[u8] = b"\x15\x03\x7f*** LINE NOISE ***\r\n";

/// Lets a handler decide over the connection that its request came in on.
#[derive(Debug, Clone, Default)]
pub struct Wire {
    state: Arc<AtomicU8>,
}

impl Wire {
    /// From now on nothing more is sent: the next write closes the connection.
    pub fn cut(&self) {
        self.state.store(CUT, Ordering::Release);
    }

    /// The next write sends garbage in its place and closes the connection.
    pub fn garble(&self) {
        self.state.store(GARBLED, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, WireListener>> for Wire {
    fn connect_info(stream: IncomingStream<'_, WireListener>) -> Self {
        stream.io().wire.clone()
    }
}

/// Answers calls until it is dropped.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let service = router.into_make_service_with_connect_info::<Wire>();
    axum::serve(WireListener(listener), service).await
}

/// Accepts connections and gives each its [`Wire`].
pub struct WireListener(pub TcpListener);

impl Listener for WireListener {
    type Io = WireStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        (WireStream { stream, wire: Wire::default() }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// A connection with its [`Wire`].
pub struct WireStream {
    stream: TcpStream,
    wire: Wire,
}

impl AsyncRead for WireStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for WireStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let state = self.wire.state.load(Ordering::Acquire);
        if state == WHOLE {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        if state == GARBLED {
            std::task::ready!(Pin::new(&mut self.stream).poll_write(context, GARBAGE))?;
            self.wire.cut();
        }
        Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
