//! What is said to a child and what it answers, within bounds on time and on size.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, ChildStdin};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::unix::pipe::{Receiver, Sender};

/// What is kept of standard error.
const SAID_BYTES_MAX: u64 = 4 * 1024;

/// For how much a child is waited.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// Time on the clock.
    pub(super) wall: Duration,
    /// What it may write to standard output.
    pub(super) answer_bytes_max: usize,
}

/// What came of it.
pub(super) struct Heard {
    pub(super) end: End,
    /// What it wrote to standard error, the beginning of it.
    pub(super) said: Vec<u8>,
}

/// How a conversation ended.
pub(super) enum End {
    /// It has closed its outputs, having answered this.
    Answered(Vec<u8>),
    /// It did not in time.
    TooLate,
    /// It answered more than it may.
    TooMuch,
}

/// Hands a child the component, and takes in what it writes. What one side cannot take keeps nobody from the others.
pub(super) fn hold(child: &mut Child, component: &[u8], patience: Patience) -> io::Result<Heard> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    runtime.block_on(async {
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (stdout, stderr) = (receiver(stdout)?, receiver(stderr)?);
        let mut said = Vec::new();
        let talk = async {
            tokio::try_join!(
                hand(stdin, component),
                answer(stdout, patience.answer_bytes_max),
                listen(stderr, &mut said)
            )
        };
        let end = match tokio::time::timeout(patience.wall, talk).await {
            Err(_) => End::TooLate,
            Ok(Err(cut)) => cut.0?,
            Ok(Ok(((), answer, ()))) => End::Answered(answer),
        };
        Ok(Heard { end, said })
    })
}

/// Why the others are not waited for.
struct Cut(io::Result<End>);

impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self(Err(error))
    }
}

fn receiver(pipe: Option<impl Into<OwnedFd>>) -> io::Result<Receiver> {
    Receiver::from_owned_fd(pipe.ok_or_else(no_pipe)?.into())
}

fn no_pipe() -> io::Error {
    io::Error::other("the child has no pipe")
}

async fn hand(stdin: Option<ChildStdin>, component: &[u8]) -> Result<(), Cut> {
    let mut stdin = Sender::from_owned_fd(stdin.ok_or_else(no_pipe)?.into())?;
    // One that does not read to the end says why, or answers nothing.
    let _ = stdin.write_all(component).await;
    Ok(())
}

async fn answer(stdout: Receiver, bytes_max: usize) -> Result<Vec<u8>, Cut> {
    let mut answer = Vec::new();
    stdout.take((bytes_max as u64).saturating_add(1)).read_to_end(&mut answer).await?;
    if answer.len() > bytes_max { Err(Cut(Ok(End::TooMuch))) } else { Ok(answer) }
}

/// Reads on beyond what is kept, so that nobody waits to be read.
async fn listen(mut stderr: impl AsyncRead + Unpin, said: &mut Vec<u8>) -> Result<(), Cut> {
    (&mut stderr).take(SAID_BYTES_MAX).read_to_end(said).await?;
    tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await?;
    Ok(())
}
