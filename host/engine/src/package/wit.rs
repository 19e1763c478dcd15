//! A component's WIT, read from source.

use std::path::PathBuf;

use wit_parser::{Interface, PackageId, Resolve};

use super::{Error, contract};

/// The WIT that a component was built from, with its docs.
#[derive(Debug)]
pub struct Wit {
    resolve: Resolve,
    own: PackageId,
    directories: Vec<PathBuf>,
}

impl Wit {
    /// Reads WIT packages, each from a directory (with its `deps`) or a file: those that others depend on first, and
    /// the component's own last.
    ///
    /// # Errors
    ///
    /// None is given, one cannot be read, or one does not parse or resolve; the message has file, line and column.
    pub fn read(directories: &[PathBuf]) -> Result<Self, Error> {
        let mut resolve = Resolve::new();
        let mut own = None;
        for directory in directories {
            match resolve.push_path(directory) {
                Ok((package, _)) => own = Some(package),
                Err(error) => return Err(Error::Wit(resolve.render_error(&error))),
            }
        }
        let own = own.ok_or(Error::NoWit)?;
        Ok(Self { resolve, own, directories: directories.to_vec() })
    }

    /// The component's own package, and those of the interfaces that it exports, each with its docs. Those of the
    /// contract everybody has.
    pub(super) fn encode(&self, exported: &[String]) -> Result<Vec<Vec<u8>>, Error> {
        let mut packages = vec![self.own];
        for interface in exported {
            let (interface, owner) = self.find(interface).ok_or_else(|| self.is_other(interface))?;
            if !packages.contains(&owner) && !contract::owns(&self.resolve, interface) {
                packages.push(owner);
            }
        }
        let encoded = packages.into_iter().map(|package| wit_component::encode(&self.resolve, package));
        encoded.collect::<Result<_, _>>().map_err(|error| Error::Wit(format!("{error:#}")))
    }

    fn find(&self, name: &str) -> Option<(&Interface, PackageId)> {
        let mut interfaces = self.resolve.interfaces.iter();
        let (_, interface) = interfaces.find(|(id, _)| self.resolve.id_of(*id).as_deref() == Some(name))?;
        Some((interface, interface.package?))
    }

    fn is_other(&self, interface: &str) -> Error {
        Error::OtherWit { interface: interface.to_owned(), directories: self.directories.clone() }
    }
}
