// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A dollar that is worth nothing
/// @notice For local chains only: anyone can mint any amount. Stands in for USDC there, with its 6 decimals and
/// its permits.
contract TestToken is ERC20, ERC20Permit {
    constructor() ERC20("USD Coin (local)", "USDC") ERC20Permit("USD Coin (local)") {}

    /// @notice Gives `to` as much as they ask for.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
